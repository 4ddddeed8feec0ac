// Memories

export {
  BadMagicError,
  BoundMismatchError,
  BrokenError,
  BucketSizeMismatchError,
  CatalogMismatchError,
  CorruptedError,
  DecodeError,
  EngineMismatchError,
  type ErrorCode,
  ForeignBytesError,
  GrowFailedError,
  MemoryInUseError,
  NodePageSizeMismatchError,
  NotAscendingError,
  OutOfBoundsError,
  ReadOnlyError,
  StableStructuresError,
  StaleHandleError,
  TooManyBucketsError,
  UnsupportedVersionError,
  ValueTooLargeError,
} from "./errors.js";
// Streams over a memory
export { BufferedReader } from "./io/buffered-reader.js";
export { BufferedWriter } from "./io/buffered-writer.js";
export { Reader } from "./io/reader.js";
export {
  BufferedStableReader,
  BufferedStableWriter,
  StableIO,
  StableReader,
  StableWriter,
} from "./io/stable-io.js";
export {
  type ByteReader,
  type ByteWriter,
  readExact,
  type Seekable,
  type SeekOrigin,
} from "./io/streams.js";
export { describeKind, type StructureKind, structureKindOf } from "./io/structure-kind.js";
export { toReadableStream, toWritableStream } from "./io/web-streams.js";
export { Writer } from "./io/writer.js";
export type { Memory, MemoryOptions } from "./memory/memory.js";
export { readImage, writeImage } from "./memory/memory.js";
export { RestrictedMemory } from "./memory/restricted-memory.js";
export { SparseMemory } from "./memory/sparse-memory.js";
export { VectorMemory } from "./memory/vector-memory.js";
export { WasmMemory } from "./memory/wasm-memory.js";
// The memory manager
export type { NamedMemoryOptions } from "./memory-manager/catalog.js";
export type { CatalogEntry } from "./memory-manager/catalog-entry.js";
export {
  type CreateManagerOptions,
  type MemoryInfo,
  MemoryManager,
  type MemoryManagerOptions,
} from "./memory-manager/memory-manager.js";
export { type MemoryId, VirtualMemory } from "./memory-manager/virtual-memory.js";
export { blob, boundedBlob, fixedBlob } from "./storable/blobs.js";
export { composite, type TupleOf } from "./storable/composite.js";
export { u8, u16, u32, u64, u64Number, u128, u128Number } from "./storable/integers.js";
export { option } from "./storable/option.js";
export { pair } from "./storable/pair.js";
export { type PrincipalLike, principal, principalOf } from "./storable/principal.js";
export { reverse } from "./storable/reverse.js";
export { i8, i16, i32, i64, i64Number, i128 } from "./storable/signed.js";
export { bool, f32, f64, unit } from "./storable/simple.js";
// Codecs
export type {
  Bound,
  EncodedOrder,
  PairMember,
  Storable,
  StorableKey,
  StorablePartialOrd,
  ValueOf,
} from "./storable/storable.js";
export { type StructOf, struct } from "./storable/struct.js";
export { json, text } from "./storable/text.js";
export { triple } from "./storable/triple.js";
export { type Versioned, versioned } from "./storable/versioned.js";
// Structures
export {
  type BTreeMapOptions,
  type CreateBTreeMapOptions,
  StableBTreeMap,
} from "./structures/btree-map.js";
export {
  type BTreeSetOptions,
  type CreateBTreeSetOptions,
  StableBTreeSet,
} from "./structures/btree-set.js";
export {
  type CellOptions,
  type CreateCellOptions,
  type InitCellOptions,
  StableCell,
} from "./structures/cell.js";
export type { ElementIterator, ValuesOptions } from "./structures/element-iterator.js";
export { type CreateLogOptions, type LogOptions, StableLog } from "./structures/log.js";
export type { MapIterator } from "./structures/map-iterator.js";
export {
  type CreateMinHeapOptions,
  type MinHeapOptions,
  StableMinHeap,
} from "./structures/min-heap.js";
export type { OverwriteOptions } from "./structures/opening.js";
export type {
  DeleteRangeOptions,
  IterationOptions,
  RangeOptions,
} from "./structures/range-options.js";
export { type CreateVecOptions, StableVec, type VecOptions } from "./structures/vec.js";
// Units and errors
export { PAGE_SIZE } from "./units.js";
// Upgrades
export { type Classification, classify, type PayloadFormatName } from "./upgrade/classify.js";
export { asStorable } from "./upgrade/payload-codec.js";
export { jsonFormat, type PayloadFormat } from "./upgrade/payload-format.js";
export {
  type PayloadLayout,
  UpgradeSerializer,
  type UpgradeSerializerOptions,
} from "./upgrade/upgrade-serializer.js";
