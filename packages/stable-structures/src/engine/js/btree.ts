import { NODE_VERSION_1, NODE_VERSION_2 } from "@stable-structures/core/layout";
import {
  BoundMismatchError,
  NodePageSizeMismatchError,
  StableStructuresError,
} from "../../errors.js";
import { StagedMemory } from "../../io/staged-memory.js";
import type { Memory } from "../../memory/memory.js";
import {
  compareEncoded,
  isFixedSize,
  maxSizeOf,
  type Storable,
  type StorableKey,
} from "../../storable/storable.js";
import type { EncodedEntry, EncodedRange, MapCodecs } from "../map-engine.js";
import { type MapOptions, type MapShape, nodePageSizeOf, shapeFor } from "../map-shape.js";
import { ChunkAllocator } from "./chunk-allocator.js";
import { TreeCursor } from "./cursor.js";
import { insert } from "./insertion.js";
import { type MapHeader, readMapHeader, writeMapHeader } from "./map-header.js";
import { NodeStore } from "./node-store.js";
import { append, type Packing, packingOf } from "./packing.js";
import { fillRightEdge, pop, remove } from "./removal.js";
import { find, type Tree } from "./tree.js";

/**
 * Decodes what an operation takes out. It runs before the operation is made, so that bytes which do
 * not decode are not lost: the operation then fails and changes nothing.
 */
export type Decode<Bytes, Value> = (bytes: Bytes) => Value;

/**
 * The B-tree in plain JavaScript: over any memory, with any order of keys. Nodes are decoded, changed
 * and encoded again, in the order of `docs/format/btree-map.md`, so that every byte is where the crate puts it.
 *
 * The writes of one operation are staged and committed together.
 */
export class BTree {
  readonly #memory: StagedMemory;
  readonly #allocator: ChunkAllocator;
  readonly #header: MapHeader;
  readonly #tree: Tree;
  readonly #packing: Packing;
  #changes = 0;
  #isChanging = false;

  private constructor(
    memory: StagedMemory,
    allocator: ChunkAllocator,
    header: MapHeader,
    options: MapOptions,
  ) {
    const { shape } = header;
    this.#memory = memory;
    this.#allocator = allocator;
    this.#header = header;
    const nodes = new NodeStore(memory, allocator, {
      nodePageSize: nodePageSizeOf(shape),
      fixedKeySize: isFixedSize(options.key) ? maxSizeOf(options.key) : undefined,
      slots: shape.version === 1 ? shape : undefined,
      newNodeVersion: options.layoutVersion === 1 ? NODE_VERSION_1 : NODE_VERSION_2,
    });
    this.#tree = { header, nodes, compare: compareEncoded(options.key) };
    this.#packing = packingOf(options, nodePageSizeOf(shape));
  }

  /**
   * Writes an empty map over the start of `memory`. Other bytes stay as they are.
   * @throws GrowFailedError (`STABLE_GROW_FAILED`) with nothing written.
   */
  static create(memory: Memory, options: MapOptions): BTree {
    const staged = new StagedMemory(memory, "a StableBTreeMap or StableBTreeSet");
    const shape = shapeFor(options);
    const allocator = ChunkAllocator.create(staged, nodePageSizeOf(shape));
    const tree = new BTree(staged, allocator, { shape, root: 0, length: 0 }, options);
    writeMapHeader(staged, tree.#header);
    tree.#commit();
    return tree;
  }

  /**
   * Opens the map in `memory`, which must have at least one page. Writes nothing.
   * @throws BadMagicError, UnsupportedVersionError, CorruptedError, BoundMismatchError,
   * NodePageSizeMismatchError
   */
  static load(memory: Memory, options: MapOptions): BTree {
    const staged = new StagedMemory(memory, "a StableBTreeMap or StableBTreeSet");
    const header = readMapHeader(staged);
    checkNodePageSize(header.shape, options.nodePageSize);
    if (header.shape.version === 1) checkBounds(header.shape, options);
    const allocator = ChunkAllocator.load(staged, nodePageSizeOf(header.shape));
    const tree = new BTree(staged, allocator, header, options);
    tree.#checkRoot(options);
    return tree;
  }

  get length(): number {
    this.#memory.checkUsable();
    return this.#header.length;
  }

  /** Goes up with every change. */
  get changes(): number {
    this.#memory.checkUsable();
    return this.#changes;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#memory.checkUsable();
    const position = find(this.#tree, key);
    return position?.node.value(position.index);
  }

  has(key: Uint8Array): boolean {
    this.#memory.checkUsable();
    return find(this.#tree, key) !== undefined;
  }

  insert<V>(key: Uint8Array, value: Uint8Array, decode: Decode<Uint8Array, V>): V | undefined {
    return this.#transact(() => ifFound(insert(this.#tree, { key, value }), decode));
  }

  remove<V>(key: Uint8Array, decode: Decode<Uint8Array, V>): V | undefined {
    return this.#transact(() => ifFound(remove(this.#tree, key), decode));
  }

  first(): EncodedEntry | undefined {
    return this.#end(false);
  }

  last(): EncodedEntry | undefined {
    return this.#end(true);
  }

  popFirst<E>(decode: Decode<EncodedEntry, E>): E | undefined {
    return this.#transact(() => ifFound(pop(this.#tree, "first"), decode));
  }

  popLast<E>(decode: Decode<EncodedEntry, E>): E | undefined {
    return this.#transact(() => ifFound(pop(this.#tree, "last"), decode));
  }

  clear(): void {
    this.#transact(() => {
      this.#header.root = 0;
      this.#header.length = 0;
      this.#allocator.clear();
      writeMapHeader(this.#memory, this.#header);
    });
  }

  /** Appends an entry, packing the nodes. {@link finishAppending} must follow. @throws NotAscendingError */
  append(entry: EncodedEntry): void {
    this.#transact(() => append(this.#tree, entry, this.#packing));
  }

  /** Fills up the nodes that {@link append} left too small. */
  finishAppending(): void {
    while (this.#transact(() => fillRightEdge(this.#tree)));
  }

  cursor(range: EncodedRange, reverse: boolean): TreeCursor {
    const changes = () => this.#changes;
    const source = {
      tree: this.#tree,
      get changes() {
        return changes();
      },
      checkUsable: () => this.#memory.checkUsable(),
    };
    return new TreeCursor(source, range, reverse);
  }

  #end(reverse: boolean): EncodedEntry | undefined {
    const cursor = this.cursor({}, reverse);
    return cursor.next() ? { key: cursor.key, value: cursor.value } : undefined;
  }

  /** Runs one operation: either all of its writes are made, or nothing has changed. */
  #transact<T>(operation: () => T): T {
    this.#memory.checkUsable();
    if (this.#isChanging)
      throw new TypeError("a codec changes the map whose change it decodes a value for");
    this.#isChanging = true;
    const { root, length } = this.#header;
    const allocator = this.#allocator.state;
    try {
      const result = operation();
      if (root !== this.#header.root || length !== this.#header.length) {
        writeMapHeader(this.#memory, this.#header);
      }
      this.#commit();
      return result;
    } catch (error) {
      this.#memory.discard();
      this.#allocator.restore(allocator);
      Object.assign(this.#header, { root, length });
      throw error;
    } finally {
      this.#isChanging = false;
    }
  }

  #commit(): void {
    this.#allocator.save();
    if (this.#memory.isUnchanged) return;
    this.#memory.commit();
    this.#changes += 1;
  }

  /** The root must be a node of exactly this shape whose keys ascend: the image stores no types. */
  #checkRoot({ key, value }: MapCodecs): void {
    const { root } = this.#header;
    if (root === 0) return;
    this.#tree.nodes.checkHeader(root);
    try {
      this.#checkRootEntries(key, value);
    } catch (cause) {
      if (!(cause instanceof StableStructuresError)) throw cause;
      throw new BoundMismatchError(
        `the map's root node cannot be read with keys of ${key.name} and values of ${value.name} (${cause.message}); ` +
          "open it with the codecs it was written with",
        { cause },
      );
    }
  }

  #checkRootEntries(key: StorableKey<unknown>, value: Storable<unknown>): void {
    const node = this.#tree.nodes.load(this.#header.root);
    this.#tree.nodes.checkChain(node);
    node.keys.forEach((bytes, i) => {
      checkFits(key, bytes.length);
      checkFits(value, node.valueLength(i));
      key.fromBytes(bytes);
      const previous = node.keys[i - 1];
      if (previous !== undefined && !(this.#tree.compare(previous, bytes) < 0)) {
        throw new BoundMismatchError(`keys ${i - 1} and ${i} do not ascend`);
      }
    });
  }
}

function ifFound<Bytes, Value>(bytes: Bytes | undefined, decode: Decode<Bytes, Value>) {
  return bytes === undefined ? undefined : decode(bytes);
}

/** Nobody gets another node page size than the one asked for. */
function checkNodePageSize(shape: MapShape, requested: number | undefined): void {
  const actual = nodePageSizeOf(shape);
  if (requested !== undefined && requested !== actual)
    throw new NodePageSizeMismatchError(requested, actual);
}

/** A version 1 map has slots of fixed sizes; a larger value would run over its neighbour. */
function checkBounds(shape: MapShape & { version: 1 }, { key, value }: MapCodecs): void {
  for (const [codec, limit] of [
    [key, shape.maxKeySize],
    [value, shape.maxValueSize],
  ] as const) {
    const size = maxSizeOf(codec) ?? Infinity;
    if (size <= limit) continue;
    throw new BoundMismatchError(
      `this map has layout version 1 with room for ${limit} bytes, and ${codec.name} ` +
        `${size === Infinity ? "is unbounded" : `can take ${size}`}; ` +
        "use codecs no larger than those it was made with, or copy it into a new map",
    );
  }
}

function checkFits({ name, bound }: Storable<unknown>, length: number): void {
  if (bound === "unbounded") return;
  if (bound.fixedSize ? length !== bound.maxSize : length > bound.maxSize) {
    throw new BoundMismatchError(`an item of ${length} bytes is no ${name}`);
  }
}
