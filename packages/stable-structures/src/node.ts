export { FileMemory, type FileMemoryOptions } from "./memory/file-memory.js";
