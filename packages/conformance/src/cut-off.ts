import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readImage, VectorMemory } from "stable-structures";
import { toWord } from "./answer.js";
import type { Difference } from "./checks.js";
import { CutOffError, FaultyMemory } from "./faulty-memory.js";
import type { Oracle } from "./oracle.js";
import { Random } from "./random.js";
import { Replayer } from "./replayer.js";

/** A growth of a memory, or a write to it. */
type Operation =
  | { readonly kind: "grow"; readonly memory: number; readonly pages: number }
  | {
      readonly kind: "write";
      readonly memory: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    };

/** An image that was cut off, and what Rust must find in it. */
export interface CutImage {
  /** Writes and growths of the base memory that were made. */
  readonly changes: number;
  readonly image: Uint8Array;
  /** Lines for the Rust program, and the answers that are right. */
  readonly questions: readonly { readonly line: string; readonly answers: readonly string[] }[];
}

/** The lines that open the manager and its memories. */
export const cutOffDeclarations = (bucketSize: number): string[] => [
  `manager bucket=${bucketSize}`,
  ...[0, 1, 2].map((id) => `structure r${id} raw memory=${id}`),
];

/**
 * Runs growths and writes of three memories and cuts the base memory off after every number of its
 * writes and growths in turn.
 */
export function* cutImages(seed: number, bucketSize: number): Generator<CutImage> {
  const operations = randomOperations(new Random(seed));
  for (let changes = 0; ; changes++) {
    const base = new VectorMemory();
    const memory = new FaultyMemory(base, changes);
    const done = playUntilCut(memory, bucketSize, operations);
    yield { changes, image: readImage(base), questions: questionsAfter(operations, done) };
    if (!memory.failed) return;
  }
}

/** Asks the crate about a cut image: it must open with all earlier contents. */
export async function checkCutImage(
  oracle: Oracle,
  bucketSize: number,
  cut: CutImage,
): Promise<Difference | undefined> {
  const file = join(tmpdir(), `stable-structures-cut-${process.pid}.bin`);
  writeFileSync(file, cut.image);
  const declarations = cutOffDeclarations(bucketSize);
  const lines = [`from ${file}`, ...declarations, ...cut.questions.map(({ line }) => line)];
  const answers = await oracle.ask(lines);
  rmSync(file);
  const right = [
    ...Array.from({ length: 1 + declarations.length }, () => ["ok"]),
    ...cut.questions.map((q) => q.answers),
  ];
  const at = answers.findIndex((answer, i) => !right[i]?.includes(answer));
  if (at === -1) return undefined;
  return `cut off after ${cut.changes} changes, bucket size ${bucketSize}: "${lines[at]}" answers ${answers[at]?.slice(0, 80)}`;
}

function randomOperations(random: Random): Operation[] {
  const pages = [0, 0, 0];
  return Array.from({ length: 40 }, () => {
    const memory = random.between(0, 2);
    const size = (pages[memory] as number) * 65536;
    if (size === 0 || random.chance(40)) {
      const added = random.between(0, 4);
      (pages[memory] as number) += added;
      return { kind: "grow", memory, pages: added };
    }
    const bytes = random.bytes(random.between(1, 300));
    return { kind: "write", memory, offset: random.between(0, size - bytes.length), bytes };
  });
}

/** Number of operations that were finished. */
function playUntilCut(
  memory: FaultyMemory,
  bucketSize: number,
  operations: readonly Operation[],
): number {
  const replayer = new Replayer(memory);
  let done = -1;
  try {
    replayer.playAll(cutOffDeclarations(bucketSize));
    for (done = 0; done < operations.length; done++)
      replayer.play(lineOf(operations[done] as Operation));
  } catch (error) {
    if (!((error as Error).cause instanceof CutOffError)) throw error;
  }
  return done;
}

function lineOf(operation: Operation): string {
  return operation.kind === "grow"
    ? `r${operation.memory} grow ${operation.pages}`
    : `r${operation.memory} write ${operation.offset} ${toWord(operation.bytes)}`;
}

/** What must be found when `done` operations were finished and the next one was cut off. */
function questionsAfter(operations: readonly Operation[], done: number): CutImage["questions"] {
  const finished = operations.slice(0, Math.max(done, 0));
  const next = operations[done];
  const sizes = [0, 1, 2].map((id) => {
    const size = finished.reduce(
      (sum, op) => (op.kind === "grow" && op.memory === id ? sum + op.pages : sum),
      0,
    );
    const later = next?.kind === "grow" && next.memory === id ? [size + next.pages] : [];
    return { line: `r${id} size`, answers: [size, ...later].map((pages) => `number ${pages}`) };
  });
  return [...sizes, ...lastWrites(finished, next)];
}

/** The bytes of every write that no later one touches. */
function lastWrites(
  finished: readonly Operation[],
  next: Operation | undefined,
): CutImage["questions"] {
  const writes = [...finished, ...(next ? [next] : [])].filter((op) => op.kind === "write");
  return writes
    .filter((op, i) => op !== next && !writes.slice(i + 1).some((later) => overlaps(op, later)))
    .map((op) => ({
      line: `r${op.memory} read ${op.offset} ${op.bytes.length}`,
      answers: [`some ${toWord(op.bytes)}`],
    }));
}

type Write = Operation & { kind: "write" };

function overlaps(a: Write, b: Write): boolean {
  return (
    a.memory === b.memory &&
    a.offset < b.offset + b.bytes.length &&
    b.offset < a.offset + a.bytes.length
  );
}
