// Gets at the bytes of an image: in place from a file, unpacked from gzip, or from standard input.
import { Buffer } from "node:buffer";
import { closeSync, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Memory, PAGE_SIZE, SparseMemory } from "stable-structures";
import { FileMemory } from "stable-structures/node";
import { CommandError, cannotRead, isSystemError, messageOf } from "./errors.js";

/** An image that can be read. */
interface Image {
  readonly memory: Memory;
  /** Bytes that it really has; the last page is padded. */
  readonly lengthInBytes: number;
  close(): void;
}

/** The start of a gzip file, whose only method is 8. */
const GZIP_MAGIC = Buffer.of(0x1f, 0x8b, 8);
/** What is not zero of an unpacked image must fit this. */
const MAX_UNPACKED_BYTES = 2 ** 30;
const GRANULE_SIZE = 4096;
const ZEROES = Buffer.alloc(GRANULE_SIZE);

/**
 * Opens the image at `path`, or the one that comes on standard input when it is "-", for `command`.
 * @throws CommandError when it cannot be read or unpacked.
 */
export async function openImage(path: string, command: string): Promise<Image> {
  if (path === "-") return unpack("standard input", standardInput(command));
  try {
    const start = startOf(path);
    if (typeof start === "number") return await unpack(path, createReadStream(path, { fd: start }));
    if (isGzip(start)) return await unpack(path, createReadStream(path));
    const memory = FileMemory.open(path, { readOnly: true, padLastPage: true });
    return { memory, lengthInBytes: memory.lengthInBytes, close: () => memory.close() };
  } catch (error) {
    throw isSystemError(error) ? cannotRead(path, error) : error;
  }
}

/** The first bytes of a file; a pipe, which can be opened and read only once, as an open file. */
function startOf(path: string): Buffer | number {
  const file = openSync(path, "r");
  let isPipe = false;
  try {
    const stat = fstatSync(file);
    isPipe = stat.isFIFO();
    if (isPipe) return file;
    const start = Buffer.alloc(GZIP_MAGIC.length);
    const length = readSync(file, start, 0, start.length, 0); // a folder fails here
    if (stat.isFile()) return start.subarray(0, length);
    throw new CommandError("STABLE_CANNOT_READ", `cannot read ${path}: it is no file`);
  } finally {
    if (!isPipe) closeSync(file);
  }
}

function standardInput(command: string): Readable {
  if (!process.stdin.isTTY) return process.stdin;
  const next = `give an image to it: stable-structures ${command} - < image.gz`;
  throw new CommandError("STABLE_USAGE", `standard input is a terminal; ${next}`);
}

function isGzip(start: Uint8Array): boolean {
  return GZIP_MAGIC.equals(start.subarray(0, GZIP_MAGIC.length));
}

/** Reads a stream to its end, packed or not, and keeps what is not zero. */
async function unpack(name: string, source: Readable): Promise<Image> {
  try {
    const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
    const first = await firstBytes(chunks);
    const plain = chain(first, chunks);
    return await collect(name, isGzip(first) ? gunzip(plain) : plain);
  } catch (error) {
    if (isUnpackError(error)) {
      const why = `${messageOf(error)}; it is cut off or damaged: copy or download it again`;
      throw new CommandError("STABLE_CANNOT_UNPACK", `cannot unpack ${name}: ${why}`, {
        cause: error,
      });
    }
    throw isSystemError(error) ? cannotRead(name, error) : error;
  } finally {
    source.destroy();
  }
}

/** Enough bytes to tell whether they are packed. */
async function firstBytes(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let first: Buffer = Buffer.alloc(0);
  while (first.length < GZIP_MAGIC.length) {
    const { done, value } = await chunks.next();
    if (done) break;
    first = Buffer.concat([first, value]);
  }
  return first;
}

async function* chain(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function gunzip(packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // What goes wrong on the way comes out of the stream that is returned.
  return pipeline(packed, createGunzip({ chunkSize: PAGE_SIZE }), () => {});
}

/** zlib's errors have codes such as Z_DATA_ERROR. */
function isUnpackError(error: unknown): boolean {
  return String((error as { code?: unknown } | undefined)?.code).startsWith("Z_");
}

/** A memory of the bytes, in which zeroes take no room. */
async function collect(name: string, bytes: AsyncIterable<Buffer>): Promise<Image> {
  const memory = new SparseMemory();
  const granule = Buffer.alloc(GRANULE_SIZE);
  let lengthInBytes = 0;
  let kept = 0;
  const keep = (start: number, piece: Buffer) => {
    memory.grow(Math.ceil(lengthInBytes / PAGE_SIZE) - memory.size());
    if (ZEROES.equals(piece)) return;
    kept += piece.length;
    if (kept > MAX_UNPACKED_BYTES) throw tooLarge(name);
    memory.write(start, piece);
  };
  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.length; ) {
      const filled = lengthInBytes % GRANULE_SIZE;
      const to = Math.min(chunk.length, from + GRANULE_SIZE - filled);
      chunk.copy(granule, filled, from, to);
      lengthInBytes += to - from;
      from = to;
      if (lengthInBytes % GRANULE_SIZE === 0) keep(lengthInBytes - GRANULE_SIZE, granule);
    }
  }
  const rest = lengthInBytes % GRANULE_SIZE;
  if (rest > 0) keep(lengthInBytes - rest, granule.subarray(0, rest));
  return { memory, lengthInBytes, close: () => {} };
}

function tooLarge(name: string): CommandError {
  return new CommandError(
    "STABLE_CANNOT_UNPACK",
    `${name} holds more than 1 GiB that is not zero; unpack it to a file, which is read in place: gunzip -c image.gz > image`,
  );
}
