import type { ByteSource } from "./byte-source.js";
import type { Shape } from "./payload-shape.js";

/** Deepest nesting that is followed, in values and so in what a decoder recurses into. */
const MAX_DEPTH = 256;
/** Most values, those without bytes included: a `vec null` of four billion is a few bytes. */
const MAX_ITEMS = 20_000_000;
/** Most entries of the type table and fields of a type. */
const MAX_TYPES = 100_000;

const DIDL = 0x4449444c;

// Opcodes of the Candid specification.
const OPT = -18;
const VEC = -19;
const RECORD = -20;
const VARIANT = -21;
const FUNC = -22;
const SERVICE = -23;
const PRINCIPAL = -24;
const TEXT = -15;
const NAT = -3;
const INT = -4;

/** Bytes of the primitive types that always have the same number. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [-1, 0], // null
  [-2, 1], // bool
  [-5, 1], // nat8
  [-6, 2],
  [-7, 4],
  [-8, 8],
  [-9, 1], // int8
  [-10, 2],
  [-11, 4],
  [-12, 8],
  [-13, 4], // float32
  [-14, 8],
  [-16, 0], // reserved
]);

interface TableType {
  readonly opcode: number;
  /** Types of the content, or of the fields. */
  readonly parts: readonly number[];
}

/** Thrown inside and caught at the door: bytes that are no Candid message. */
class NotCandid extends Error {}

/** Shape of a Candid message at `start`; undefined when the bytes are none, or beyond the limits. */
export function candidShape(source: ByteSource, start: number): Shape | undefined {
  try {
    return new CandidWalk(source, start).run();
  } catch (error) {
    if (error instanceof NotCandid) return undefined;
    throw error;
  }
}

class CandidWalk {
  readonly #source: ByteSource;
  #offset: number;
  #table: readonly TableType[] = [];
  #items = 0;

  constructor(source: ByteSource, start: number) {
    this.#source = source;
    this.#offset = start;
  }

  run(): Shape {
    if (this.#offset + 6 > this.#source.length) throw new NotCandid();
    if (this.#source.uint(this.#offset, 4) !== DIDL) throw new NotCandid();
    this.#offset += 4;
    this.#table = this.#list(() => this.#tableType());
    for (const type of this.#list(() => this.#signed())) this.#value(type, 0);
    return { end: this.#offset, items: this.#items };
  }

  #tableType(): TableType {
    const opcode = this.#signed();
    if (opcode === OPT || opcode === VEC) return { opcode, parts: [this.#signed()] };
    if (opcode === RECORD || opcode === VARIANT)
      return { opcode, parts: this.#list(() => this.#field()) };
    if (opcode === FUNC) {
      this.#list(() => this.#signed());
      this.#list(() => this.#signed());
      this.#list(() => this.#skip(1));
    } else if (opcode === SERVICE) {
      this.#list(() => {
        this.#skip(this.#unsigned());
        this.#signed();
      });
    } else throw new NotCandid();
    return { opcode, parts: [] };
  }

  #field(): number {
    this.#unsigned(); // hash of its name
    return this.#signed();
  }

  #value(type: number, depth: number): void {
    this.#items++;
    if (this.#items > MAX_ITEMS || depth > MAX_DEPTH) throw new NotCandid();
    const size = SIZES.get(type);
    if (size !== undefined) this.#skip(size);
    else if (type >= 0) this.#compound(this.#typeAt(type), depth + 1);
    else if (type === NAT || type === INT) this.#skipNumber();
    else if (type === TEXT) this.#skip(this.#unsigned());
    else if (type === PRINCIPAL) this.#skipReference();
    else throw new NotCandid();
  }

  #compound({ opcode, parts }: TableType, depth: number): void {
    const [content = 0] = parts;
    if (opcode === OPT) {
      if (this.#flag()) this.#value(content, depth);
    } else if (opcode === VEC) this.#vector(content, depth);
    else if (opcode === RECORD) for (const part of parts) this.#value(part, depth);
    else if (opcode === VARIANT) this.#value(parts[this.#unsigned()] ?? Number.NaN, depth);
    else if (opcode === SERVICE) this.#skipReference();
    else if (this.#flag()) {
      this.#skipReference();
      this.#skip(this.#unsigned());
    }
  }

  #vector(content: number, depth: number): void {
    const count = this.#unsigned();
    const size = SIZES.get(content);
    if (size !== undefined && size > 0) {
      this.#items += count;
      this.#skip(count * size);
    } else for (let i = 0; i < count; i++) this.#value(content, depth);
  }

  #typeAt(index: number): TableType {
    const type = this.#table[index];
    if (type === undefined) throw new NotCandid();
    return type;
  }

  #list<T>(item: () => T): T[] {
    const count = this.#unsigned();
    if (count > MAX_TYPES) throw new NotCandid();
    return Array.from({ length: count }, item);
  }

  /** A principal, or a service: a flag, then the bytes unless it is opaque. */
  #skipReference(): void {
    if (this.#flag()) this.#skip(this.#unsigned());
  }

  #flag(): boolean {
    const byte = this.#byte();
    if (byte > 1) throw new NotCandid();
    return byte === 1;
  }

  #skipNumber(): void {
    while (this.#byte() >= 0x80);
  }

  #unsigned(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      if (factor > 2 ** 56) throw new NotCandid();
    }
  }

  #signed(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return byte >= 0x40 ? value - factor * 128 : value;
      if (factor > 2 ** 35) throw new NotCandid();
    }
  }

  #byte(): number {
    if (this.#offset >= this.#source.length) throw new NotCandid();
    return this.#source.byte(this.#offset++);
  }

  #skip(length: number): void {
    this.#offset += length;
    if (!(this.#offset <= this.#source.length)) throw new NotCandid();
  }
}
