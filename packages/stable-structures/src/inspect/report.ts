import type { StructureKind } from "../io/structure-kind.js";
import type { Classification, PayloadFormatName } from "../upgrade/classify.js";

/** Options of `inspect`. */
export interface InspectOptions {
  /**
   * Bytes that the image really has, where its last page is padded: an image of whole pages of 65,536
   * bytes needs none. What it lacks is reported.
   */
  lengthInBytes?: number;
}

/** What a memory holds, as far as its first bytes tell. */
export type ReportedKind =
  | StructureKind
  /** What an upgrade hook wrote; see {@link ContentReport.payload}. */
  | Exclude<Classification["kind"], StructureKind>
  /** Zeroes as far as was looked; the memory is larger than that. */
  | "not-looked-through"
  /** The memory's first bucket is missing, or lies past the end of the image. */
  | "unreadable";

/** A BTreeMap or BTreeSet, by its headers. */
export interface MapFacts {
  /** 2, or 1 for maps begun by crates before 0.6. */
  readonly layoutVersion: 1 | 2;
  /** Bytes of a node page. */
  readonly nodePageSizeInBytes: number;
  /** Layout version 1 only: the largest key, in bytes. */
  readonly maxKeySizeInBytes?: number;
  /** Layout version 1 only: the largest value, in bytes. */
  readonly maxValueSizeInBytes?: number;
  /** Number of entries. */
  readonly length: number;
  /** Node pages in use: nodes and their overflow pages. Absent when the allocator's header is damaged. */
  readonly allocatedChunks?: number;
}

/** A Vec or MinHeap, by its header. */
export interface VecFacts {
  readonly layoutVersion: number;
  /** Number of elements. */
  readonly length: number;
  /** Largest element, in bytes. */
  readonly maxSizeInBytes: number;
  /** True when every element has exactly that size. */
  readonly fixedSize: boolean;
}

/** A Cell, by its header. */
export interface CellFacts {
  readonly layoutVersion: number;
  /** Bytes of the value. */
  readonly bytes: number;
}

/** The index of a Log. */
export interface LogIndexFacts {
  readonly layoutVersion: number;
  /** Number of entries. */
  readonly entries: number;
  /** Bytes of all entries, which lie in another memory. */
  readonly entriesBytes: number;
}

/** The entries of a Log; how many there are stands in the index, another memory. */
export interface LogDataFacts {
  readonly layoutVersion: number;
}

/** What lies in a memory, or in the whole image. */
export interface ContentReport {
  readonly kind: ReportedKind;
  /** The kind as words: "a BTreeMap or BTreeSet". */
  readonly description: string;
  /** Size in pages of 64 KiB. */
  readonly sizeInPages: number;
  /** Pages that can be read, where the image lacks some of them: those before the first missing one. */
  readonly readablePages?: number;
  /**
   * Pages of 64 KiB that are accounted for by a structure's header: of a map those of its allocated
   * chunks, of a manager its own and those of its memories. Absent where no header says it.
   */
  readonly usedPages?: number;
  readonly map?: MapFacts;
  /** A Vec or a MinHeap. */
  readonly vec?: VecFacts;
  readonly cell?: CellFacts;
  readonly logIndex?: LogIndexFacts;
  readonly logData?: LogDataFacts;
  /** The payload of an upgrade hook. */
  readonly payload?: PayloadFacts;
  /** The manager in this memory, when it is one of layout version 1. */
  readonly manager?: ManagerReport;
}

/** A payload that an upgrade hook wrote, as `classify` sees it. */
export interface PayloadFacts {
  /** How sure this is: see `Classification`. */
  readonly confidence: Classification["confidence"];
  /** Why, as a sentence. */
  readonly reason: string;
  /** Format of a payload behind a length. */
  readonly format?: PayloadFormatName;
  /** Bytes of the payload, where it is known where it ends. */
  readonly bytes?: number;
}

/** One memory of a manager. */
export interface MemoryReport extends ContentReport {
  /** 0 to 254. */
  readonly id: number;
  /** The name that a program gave it, where the manager has a catalog. */
  readonly name?: string;
  /** Its id, behind those of the memories around it: [254, 3]. */
  readonly path: readonly number[];
  /** Buckets it owns, in the order in which they make up its bytes. */
  readonly buckets: readonly number[];
  /** Pages of 64 KiB of its buckets. */
  readonly ownedPages: number;
  /** Pages that it owns and has never grown into. */
  readonly slackPages: number;
}

/** A bucket size, and what an image would be with it. */
export interface BucketSizeChoice {
  /** Pages of 64 KiB in a bucket. */
  readonly bucketSizeInPages: number;
  /** Pages of 64 KiB from the manager's first one on, after re-bucketing. */
  readonly sizeInPages: number;
  /** Bytes that all memories of the manager together can ever have with it. */
  readonly maximumBytes: number;
}

/** A memory manager. */
export interface ManagerReport {
  /** Page of the memory around it on which it starts: 0, or 1 to 16 behind a header of the canister's own. */
  readonly startPage: number;
  readonly layoutVersion: number;
  /** Pages of 64 KiB in a bucket. */
  readonly bucketSizeInPages: number;
  /** Buckets handed out, of 32,768. */
  readonly allocatedBuckets: number;
  /** Pages of 64 KiB from its start to the end of the memory around it. */
  readonly baseSizeInPages: number;
  /** Bytes that all its memories together can ever have with this bucket size. */
  readonly maximumBytes: number;
  /** Memories that have pages or buckets, by id. */
  readonly memories: readonly MemoryReport[];
  /** Owner of each allocated bucket, by bucket number; null = nobody. */
  readonly bucketOwners: readonly (number | null)[];
  /** What other bucket sizes would make of it: powers of two below its own, where all memories fit. */
  readonly bucketSizeChoices: readonly BucketSizeChoice[];
}

/** What a finding is about. Codes change only in a major release. */
export type FindingCode =
  /** More than half of the image would be free with a smaller bucket size. */
  | "waste"
  /** At least nine tenths of the 32,768 buckets are taken. */
  | "lifetime-cap"
  /** Nobody owns some of the buckets below the count. */
  | "holes"
  /** A memory owns more buckets than its size needs. */
  | "surplus-buckets"
  /** Buckets past the count have an owner. */
  | "owners-past-count"
  /** The header's reserved bytes are not zero. */
  | "reserved-bytes"
  /** The image is shorter than what it holds. */
  | "truncated"
  /** A memory is larger than the buckets it owns. */
  | "size-above-buckets"
  /** The header counts more than 32,768 buckets. */
  | "too-many-buckets"
  /** The bucket size is 0. */
  | "bucket-size-zero"
  /** The layout version is none that this library reads. */
  | "unsupported-version"
  /** A structure's header contradicts itself or its memory. */
  | "damaged-structure"
  /** A manager inside others was left alone: too deep, or one too many. */
  | "not-followed"
  /** Neither a manager nor a structure was found. */
  | "nothing-known"
  // What only `check` finds:
  /** A chunk of a map has no sound header. */
  | "damaged-chunk"
  /** A map counts other than its allocated chunks. */
  | "chunk-count"
  /** The list of a map's free chunks is broken. */
  | "free-list"
  /** Free chunks of a map are not on its list, so they are not used again. */
  | "unlisted-chunks"
  /** Allocated chunks of a map that no node reaches. */
  | "leaked-chunks"
  /** A node or overflow page lies where no allocated chunk is. */
  | "unallocated-chunk"
  /** Two nodes, or a node and itself, reach the same chunk. */
  | "shared-chunk"
  /** A leaf is not as deep as the others. */
  | "leaf-depth"
  /** A node has fewer entries than a removal leaves. */
  | "sparse-node"
  /** A map's header counts other than the entries of its nodes. */
  | "entry-count"
  /** Keys of a map, or elements of a heap, are not in the order of their codec. */
  | "order"
  /** Keys of a map ascend neither by their bytes nor by their length first. */
  | "order-unknown"
  /** Stored bytes are none that the codec writes. */
  | "undecodable"
  /** The codec given is not the one the structure was written with. */
  | "codec-mismatch"
  /** A codec was given for a memory that holds no structure. */
  | "codec-unused"
  /** The two memories of a Log were not found together. */
  | "log-pair"
  /** A memory's buckets are not in the order in which they were written. */
  | "bucket-order"
  /** The memory holds nothing that can be checked. */
  | "not-checked"
  /** More findings of the same code in the same memory. */
  | "more-findings";

/** Something that an owner of the image should know. */
export interface Finding {
  readonly code: FindingCode;
  /**
   * "error": contents are damaged or missing, or the next write would damage them. "warning": all
   * contents can be read. "info": nothing is wrong; only `check` says such things.
   */
  readonly severity: "info" | "warning" | "error";
  /** The memory it is about: ids from the outermost manager inwards; [] is the image itself. */
  readonly path: readonly number[];
  /** Byte address in that memory, where there is one. */
  readonly address?: number;
  /** Byte address of the same in the image; only `check` says it. */
  readonly imageAddress?: number;
  /** A memory's buckets in the order in which they were written, where that was found out. */
  readonly buckets?: readonly number[];
  /** What was found. Messages may change in any release. */
  readonly message: string;
  /** What to do next. */
  readonly advice: string;
  /** The figures of the message, by name; units are in the names. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** What `inspect` finds in an image: plain data, safe to write as JSON. */
export interface ImageReport extends ContentReport {
  /** Version of this report's form. */
  readonly version: 1;
  /** Bytes of the image. */
  readonly sizeInBytes: number;
  readonly findings: readonly Finding[];
}
