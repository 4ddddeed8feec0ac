import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Memory,
  RestrictedMemory,
  SparseMemory,
  VectorMemory,
  WasmMemory,
} from "stable-structures";
import { FileMemory } from "stable-structures/node";

/** Which code translates addresses. */
export type EngineName = "js" | "wasm";
/** Where the bytes are. */
export type MemoryName = "vector" | "sparse" | "wasm" | "file";

/** An engine over a memory: what a script is played on. */
export interface Subject {
  readonly engine: EngineName;
  readonly memory: MemoryName;
}

/** Every engine over every memory it supports. */
export const subjects: readonly Subject[] = [
  { engine: "wasm", memory: "wasm" },
  { engine: "js", memory: "vector" },
  { engine: "js", memory: "sparse" },
  { engine: "js", memory: "wasm" },
  { engine: "js", memory: "file" },
];

/** `wasm/wasm`, `js/file`, ... */
export function subjectName({ engine, memory }: Subject): string {
  return `${engine}/${memory}`;
}

/** The subject of these names. @throws Error when the engine does not support the memory. */
export function subjectOf(engine: string, memory: string): Subject {
  const subject = subjects.find(
    (candidate) => candidate.engine === engine && candidate.memory === memory,
  );
  if (subject !== undefined) return subject;
  throw new Error(
    `there is no ${engine}/${memory}; choose one of ${subjects.map(subjectName).join(", ")}`,
  );
}

/** Calls `use` with an empty memory of at most `maximumPages` pages, and cleans up after it. */
export function withMemory<T>(
  subject: Subject,
  use: (memory: Memory) => T,
  maximumPages?: number,
): T {
  const options = maximumPages === undefined ? {} : { maximumPages };
  switch (subject.memory) {
    case "vector":
      return use(new VectorMemory(options));
    case "sparse":
      return use(new SparseMemory(options));
    case "wasm": {
      const memory = WasmMemory.create(options);
      // Behind a window the library cannot see the WasmMemory, and takes its JavaScript engine.
      return use(subject.engine === "wasm" ? memory : new RestrictedMemory(memory, 0, 65_499));
    }
    case "file":
      return withFile((path) => {
        using memory = FileMemory.create(path, options);
        return use(memory);
      });
  }
}

function withFile<T>(use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "stable-structures-"));
  try {
    return use(join(folder, "image.bin"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
