import type { Node } from "../engine/js/node.js";
import { StableStructuresError } from "../errors.js";
import { compareBytes, compareLengthFirst } from "../io/bytes.js";
import { checkBound, compareEncoded, type Storable } from "../storable/storable.js";
import type { StructureCodecs } from "./codecs.js";
import type { MemoryFindings } from "./memory-findings.js";
import { MAP_ADVICE, type TreeVisitor } from "./tree-walk.js";

type Compare = (a: Uint8Array, b: Uint8Array) => number;

/** Checks that keys ascend as their codec says, and that keys and values decode. */
export class CodecVisitor implements TreeVisitor {
  readonly #codecs: StructureCodecs;
  readonly #findings: MemoryFindings;
  readonly #compare: Compare | undefined;
  #previous: Uint8Array | undefined;

  constructor(codecs: StructureCodecs, findings: MemoryFindings) {
    this.#codecs = codecs;
    this.#findings = findings;
    this.#compare = codecs.key && compareEncoded(codecs.key);
  }

  entry(node: Node, index: number): void {
    const { key, value } = this.#codecs;
    const bytes = node.key(index);
    if (value && this.#isWhole(node)) this.#decodes(value, node, index, "value");
    if (!key || !this.#decodes(key, node, index, "key")) return;
    const previous = this.#previous;
    this.#previous = bytes;
    if (previous === undefined || (this.#compare as Compare)(previous, bytes) < 0) return;
    this.#findings.add({
      code: "order",
      severity: "error",
      address: node.address,
      message: `key ${index} of the node at address ${node.address} does not come behind the key before it in the order of ${key.name}`,
      advice: `check that the keys are ${key.name}; if they are: ${MAP_ADVICE}`,
      figures: { index },
    });
  }

  /** The bytes of values are read only where the node's chain is there. */
  #isWhole(node: Node): boolean {
    try {
      return node.overflows.length >= 0;
    } catch {
      return false;
    }
  }

  #decodes(codec: Storable<unknown>, node: Node, index: number, what: "key" | "value"): boolean {
    const problem = problemOf(() => {
      const bytes = what === "key" ? node.key(index) : node.value(index);
      checkBound(codec, bytes.length);
      codec.fromBytes(bytes);
    });
    if (problem === undefined) return true;
    this.#findings.add({
      ...undecodable(`${what} ${index} of the node at address ${node.address}`, problem, codec),
      address: node.address,
      figures: { index },
    });
    return false;
  }
}

/** Why bytes do not decode, or undefined. Codecs are of others and may throw anything. */
export function problemOf(decode: () => void): string | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    if (error instanceof StableStructuresError) return error.message;
    return `the codec failed: ${(error as Error).message}`;
  }
}

/** A finding of bytes that do not decode. */
export function undecodable(what: string, problem: string, codec: Storable<unknown>) {
  return {
    code: "undecodable",
    severity: "error",
    message: `${what} does not decode (${problem})`,
    advice: `check that ${codec.name} is the codec this was written with; if it is, the bytes are damaged: restore them from a backup or a snapshot`,
  } as const;
}

/** Without codecs: whether keys ascend by their bytes, or shorter ones first. */
export class OrderVisitor implements TreeVisitor {
  byBytes = true;
  byLength = true;
  #firstAddress = 0;
  #previous: Uint8Array | undefined;

  entry(node: Node, index: number): void {
    const key = node.key(index);
    const previous = this.#previous;
    this.#previous = key;
    if (previous === undefined) return;
    if (!(compareBytes(previous, key) < 0)) this.byBytes = false;
    if (!(compareLengthFirst(previous, key) < 0)) this.byLength = false;
    if (!this.byBytes && !this.byLength) this.#firstAddress ||= node.address;
  }

  /** Says so when the keys are in neither order. */
  report(findings: MemoryFindings): void {
    if (this.byBytes || this.byLength) return;
    findings.add({
      code: "order-unknown",
      severity: "info",
      address: this.#firstAddress,
      message:
        "the keys ascend neither by their bytes nor by their length first, as those of a pair with a part of variable size do; whether they are in order cannot be told without their codec",
      advice: "check the map with the codec of its keys",
    });
  }
}
