import { CorruptedError } from "../../errors.js";
import type { EncodedBound, EncodedRange } from "../map-engine.js";
import type { Node } from "./node.js";
import { checkDepth, search, type Tree } from "./tree.js";

/** A node on the way from the root, and the entry in it that comes next (see `#next`). */
interface Frame {
  readonly node: Node;
  index: number;
}

/** What a cursor needs of the map beside its tree. */
export interface CursorSource {
  readonly tree: Tree;
  /** Goes up with every change of the map. */
  readonly changes: number;
  /** @throws when the map can no longer be used. */
  checkUsable(): void;
}

/**
 * Walks the tree with a stack of frames. Forwards a frame's `index` is the entry that comes next,
 * backwards it is one past it.
 *
 * Entries must ascend (or descend) strictly: that proves that a damaged tree, however its nodes point
 * at each other, gives no entry twice, and so that every walk ends.
 */
export class TreeCursor {
  readonly #source: CursorSource;
  readonly #reverse: boolean;
  readonly #end: EncodedBound | undefined;
  #start: EncodedBound | undefined;
  #frames: Frame[] | undefined;
  #changes = 0;
  #current: Frame | undefined;

  constructor(source: CursorSource, range: EncodedRange, reverse: boolean) {
    this.#source = source;
    this.#reverse = reverse;
    this.#start = reverse ? range.upper : range.lower;
    this.#end = reverse ? range.lower : range.upper;
  }

  get key(): Uint8Array {
    const { node, index } = this.#current as Frame;
    return node.key(index);
  }

  get value(): Uint8Array {
    const { node, index } = this.#current as Frame;
    return node.value(index);
  }

  /** The part of the range that is left: behind the last key that was given. */
  get rest(): EncodedRange {
    const [lower, upper] = this.#reverse ? [this.#end, this.#start] : [this.#start, this.#end];
    return { lower, upper };
  }

  next(): boolean {
    this.#source.checkUsable();
    const frames = this.#seekIfChanged();
    const entry = this.#reverse ? this.#stepBack(frames) : this.#stepForward(frames);
    if (entry === undefined || !this.#isWithinEnd(entry)) {
      this.#frames = [];
      return false;
    }
    this.#start = { key: this.#checkedKey(entry), inclusive: false };
    this.#current = entry;
    return true;
  }

  #seekIfChanged(): Frame[] {
    if (this.#frames === undefined || this.#changes !== this.#source.changes) {
      this.#changes = this.#source.changes;
      this.#frames = this.#seek();
    }
    return this.#frames;
  }

  /** The frames from the root to the first entry of the range. */
  #seek(): Frame[] {
    const frames: Frame[] = [];
    let address = this.#source.tree.header.root;
    while (address !== 0) {
      const node = this.#load(address, frames);
      const { index, stop } = this.#startIn(node);
      frames.push({ node, index });
      if (stop || node.isLeaf) break;
      address = node.child(index);
    }
    return frames;
  }

  /** Where the range starts in `node`; `stop` when it starts with an entry of this very node. */
  #startIn(node: Node): { index: number; stop: boolean } {
    if (this.#start === undefined)
      return { index: this.#reverse ? node.keys.length : 0, stop: false };
    const { index, found } = search(this.#source.tree, node, this.#start.key);
    const stop = found && this.#start.inclusive;
    // Forwards an excluded key is stepped over; backwards an included one must lie below the index.
    return { index: found && stop === this.#reverse ? index + 1 : index, stop };
  }

  #stepForward(frames: Frame[]): Frame | undefined {
    for (let top = frames.at(-1); top !== undefined; frames.pop(), top = frames.at(-1)) {
      if (top.index >= top.node.keys.length) continue;
      const entry = { node: top.node, index: top.index++ };
      if (!top.node.isLeaf) this.#descend(frames, top.node.child(top.index));
      return entry;
    }
    return undefined;
  }

  #stepBack(frames: Frame[]): Frame | undefined {
    for (let top = frames.at(-1); top !== undefined; frames.pop(), top = frames.at(-1)) {
      if (top.index === 0) continue;
      const entry = { node: top.node, index: --top.index };
      if (!top.node.isLeaf) this.#descend(frames, top.node.child(top.index));
      return entry;
    }
    return undefined;
  }

  /** Pushes the frames from `address` down to the leaf that comes next. */
  #descend(frames: Frame[], start: number): void {
    for (let address = start; ; ) {
      const node = this.#load(address, frames);
      frames.push({ node, index: this.#reverse ? node.keys.length : 0 });
      if (node.isLeaf) return;
      address = node.child(this.#reverse ? node.keys.length : 0);
    }
  }

  #load(address: number, frames: readonly Frame[]): Node {
    checkDepth(frames.length, address);
    return this.#source.tree.nodes.load(address);
  }

  #isWithinEnd({ node, index }: Frame): boolean {
    if (this.#end === undefined) return true;
    const order = this.#source.tree.compare(node.key(index), this.#end.key);
    return order === 0 ? this.#end.inclusive : order < 0 !== this.#reverse;
  }

  #checkedKey({ node, index }: Frame): Uint8Array {
    const key = node.key(index);
    if (this.#start !== undefined) {
      const order = this.#source.tree.compare(key, this.#start.key);
      const ascends = this.#reverse ? order < 0 : order > 0;
      if (!ascends && !(order === 0 && this.#start.inclusive)) {
        throw new CorruptedError(node.address, "keys in strict order");
      }
    }
    return key;
  }
}
