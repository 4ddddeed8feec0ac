import { readMapHeader } from "../engine/js/map-header.js";
import { ForeignBytesError } from "../errors.js";
import { StagedMemory } from "../io/staged-memory.js";
import { describeKind, structureKindOf } from "../io/structure-kind.js";
import type { Memory } from "../memory/memory.js";
import type { StructureCodecs } from "./codecs.js";
import { checkMap } from "./map-check.js";
import type { MapStatistics } from "./map-statistics.js";
import { MemoryFindings } from "./memory-findings.js";
import { PageCache } from "./page-cache.js";

/**
 * What the map in `memory` is made of: its nodes and how full they are, overflow pages, bytes for an
 * entry, and what the same nodes would take with other node page sizes. With codecs also with the size
 * that the crate would choose for them.
 *
 * Takes no claim, so the map may be open. What is damaged is left out and counted as unreadable; `check`
 * says where it is. Complexity: reads the memory about twice, in space of a byte for each chunk.
 * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when there is no map, naming what there is.
 * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`), CorruptedError (`STABLE_CORRUPTED`)
 * when the map's header cannot be read.
 */
export function statisticsOf(memory: Memory, codecs: StructureCodecs = {}): MapStatistics {
  const kind = structureKindOf(memory);
  if (kind !== "btree-map") throw new ForeignBytesError("open", "a map", describeKind(kind));
  readMapHeader(new StagedMemory(memory, "a map"));
  const statistics = checkMap(new PageCache(memory), codecs, new MemoryFindings([]), () => {});
  return statistics as MapStatistics; // its header was just read
}
