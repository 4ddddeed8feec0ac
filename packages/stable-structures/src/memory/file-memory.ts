import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import {
  CorruptedError,
  GrowFailedError,
  OutOfBoundsError,
  ReadOnlyError,
  type StableStructuresError,
  StaleHandleError,
} from "../errors.js";
import { PAGE_SIZE, pagesFor } from "../units.js";
import {
  checkPages,
  checkRange,
  growthRefusal,
  type Memory,
  type MemoryOptions,
} from "./memory.js";

/** Options of {@link FileMemory.open}. */
export interface FileMemoryOptions extends MemoryOptions {
  /** Refuse every write and growth. */
  readOnly?: boolean;
  /** With `readOnly`: take a file that ends inside a page, and read the rest of this page as zeroes. */
  padLastPage?: boolean;
}

/**
 * A memory in a file, read and written in place, of any size.
 *
 * A file does not roll back: when the machine or the disk fails in the middle of an operation of a
 * B-tree, the file may hold half of it. Memory managers survive being cut off between any two
 * writes; for the rest work on a copy and rename it.
 */
export class FileMemory implements Memory {
  readonly path: string;
  #file: number | undefined;
  #pages: number;
  readonly #maximumPages: number;
  readonly #readOnly: boolean;
  #refusal: GrowFailedError | undefined;
  /** Bytes that the file lacks to its last whole page, read as zeroes. */
  readonly #padding: number;

  private constructor(
    path: string,
    flags: number,
    {
      maximumPages = Number.MAX_SAFE_INTEGER,
      readOnly = false,
      padLastPage = false,
    }: FileMemoryOptions,
  ) {
    if (padLastPage && !readOnly) throw new TypeError("padLastPage needs readOnly");
    checkPages("maximumPages", maximumPages);
    this.path = path;
    this.#maximumPages = maximumPages;
    this.#readOnly = readOnly;
    this.#file = openSync(path, flags);
    const status = fstatSync(this.#file);
    if (!status.isFile()) {
      this.close();
      throw new TypeError(`${path} is not a file`);
    }
    const { size } = status;
    this.#pages = pagesFor(size);
    this.#padding = this.#pages * PAGE_SIZE - size;
    if (this.#padding > 0 && !padLastPage) {
      this.close();
      throw new CorruptedError(
        size,
        `a file of whole pages of 65,536 bytes, and ${path} ends here: is it truncated?`,
      );
    }
  }

  /**
   * Opens an existing file.
   * @throws CorruptedError (`STABLE_CORRUPTED`) when its length is not a multiple of 65,536.
   */
  static open(path: string, options: FileMemoryOptions = {}): FileMemory {
    return new FileMemory(path, options.readOnly ? constants.O_RDONLY : constants.O_RDWR, options);
  }

  /** Makes a new, empty file; fails when it exists. */
  static create(path: string, options: MemoryOptions = {}): FileMemory {
    return new FileMemory(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, options);
  }

  size(): number {
    return this.#pages;
  }

  /** Bytes of the file: whole pages of 65,536, unless it was opened with `padLastPage`. */
  get lengthInBytes(): number {
    return this.#pages * PAGE_SIZE - this.#padding;
  }

  /** Extends the file with a hole. Returns -1 when the limit or the file system refuses. */
  grow(pages: number): number {
    checkPages("pages", pages);
    const file = this.#writable();
    const previous = this.#pages;
    this.#refusal = undefined;
    if (previous + pages > this.#maximumPages) return -1;
    try {
      ftruncateSync(file, (previous + pages) * PAGE_SIZE);
    } catch (cause) {
      this.#refusal = new GrowFailedError(previous, pages, { cause });
      return -1;
    }
    this.#pages = previous + pages;
    return previous;
  }

  read(offset: number, target: Uint8Array): void {
    const file = this.#open();
    checkRange(offset, target.length, this.#pages * PAGE_SIZE);
    for (let done = 0; done < target.length; ) {
      const count = readSync(file, target, done, target.length - done, offset + done);
      done += count;
      if (count > 0) continue;
      if (this.#padding === 0 || offset + done < this.lengthInBytes)
        throw new OutOfBoundsError(offset, target.length, offset + done); // cut by another process
      target.fill(0, done);
      break;
    }
  }

  write(offset: number, source: Uint8Array): void {
    const file = this.#writable();
    checkRange(offset, source.length, this.#pages * PAGE_SIZE);
    for (let done = 0; done < source.length; ) {
      done += writeSync(file, source, done, source.length - done, offset + done);
    }
  }

  /** What the file system said when it refused the last {@link grow}. */
  get [growthRefusal](): StableStructuresError | undefined {
    return this.#refusal;
  }

  /** Closes the file; the memory can no longer be used. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #open(): number {
    if (this.#file === undefined) throw new StaleHandleError(`the file ${this.path}`);
    return this.#file;
  }

  #writable(): number {
    if (this.#readOnly) throw new ReadOnlyError(`the file ${this.path}`);
    return this.#open();
  }
}
