export { Core, type CoreOptions } from "./core.js";
export { EngineMismatchError, type ErrorCode, StableStructuresError } from "./errors.js";
export type { CoreExports } from "./exports.js";
