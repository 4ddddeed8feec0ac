/** Which elements an iterator gives, by index, and in which direction. */
export interface ValuesOptions {
  /** Index of the first element; 0 unless given. */
  start?: number;
  /** Index behind the last element; the length unless given. */
  end?: number;
  /** From the last of them to the first. */
  reverse?: boolean;
}

/** What an iterator steps through. */
export interface ElementSource<T> {
  /** Number of elements now. @throws when the structure can no longer be used. */
  length(): number;
  /** The element at an index below `length`. */
  read(index: number): T;
}

const END = { done: true, value: undefined } as const;
const OPTIONS = ["start", "end", "reverse"];

/**
 * Gives elements by index, lazily. It may be used while the structure changes: elements that come later
 * are not given, and it ends where the structure has become shorter, as the crate's iterator does.
 */
export class ElementIterator<T> implements IterableIterator<T> {
  readonly #source: ElementSource<T>;
  readonly #reverse: boolean;
  #start: number;
  #end: number;

  constructor(source: ElementSource<T>, options: ValuesOptions = {}) {
    checkOptions(options);
    const { start = 0, end = Infinity, reverse = false } = options;
    this.#source = source;
    this.#reverse = reverse;
    this.#start = start;
    this.#end = Math.min(end, source.length());
  }

  next(): IteratorResult<T, undefined> {
    const index = this.#reverse ? this.#end - 1 : this.#start;
    if (this.#start >= this.#end || index >= this.#source.length()) return this.return();
    const value = this.#source.read(index);
    if (this.#reverse) this.#end--;
    else this.#start++;
    return { done: false, value };
  }

  return(): IteratorResult<T, undefined> {
    this.#end = this.#start;
    return END;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** @throws TypeError for anything but these options: a misspelt one would otherwise give all elements. */
function checkOptions(options: ValuesOptions): void {
  if (typeof options !== "object" || options === null)
    throw new TypeError("options are an object such as { start: 10, reverse: true }");
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name))
      throw new TypeError(`options of values are ${OPTIONS.join(", ")}, not ${name}`);
  }
  if (options.start !== undefined) checkIndex("start", options.start);
  if (options.end !== undefined) checkIndex("end", options.end);
}

/**
 * @throws TypeError when `index` is no number.
 * @throws RangeError when it is none of 0, 1, 2, ...
 */
export function checkIndex(name: string, index: number): void {
  if (typeof index !== "number") throw new TypeError(`${name} is a number, got ${typeof index}`);
  if (!Number.isInteger(index) || index < 0)
    throw new RangeError(`${name} is a whole number of at least 0, got ${index}`);
}
