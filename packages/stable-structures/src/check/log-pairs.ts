import { LOG_DATA_START, LOG_LENGTH_OFFSET } from "@stable-structures/core/layout";
import type { Finding } from "../inspect/report.js";
import { count } from "../inspect/words.js";
import { PAGE_SIZE } from "../units.js";
import type { Place } from "./places.js";

/** Which memory has the entries of each log, by the place of its index. */
export interface LogPairs {
  readonly dataOf: ReadonlyMap<Place, Place>;
  readonly findings: readonly Finding[];
}

/**
 * Finds the two memories of each log in the same manager: nothing in them says which belong together, so
 * an index takes the nearest memory that holds as many bytes as its entries have.
 */
export function pairLogs(places: readonly Place[]): LogPairs {
  const dataOf = new Map<Place, Place>();
  const findings: Finding[] = [];
  const left = new Set(places.filter(({ content }) => content.kind === "log-data"));
  for (const index of places.filter(({ content }) => content.kind === "log-index")) {
    const siblings = [...left].filter((data) => isSibling(index, data));
    const [nearest] = siblings
      .filter((data) => holds(data, index))
      .sort((a, b) => distance(index, a) - distance(index, b));
    if (nearest === undefined) findings.push(...unpaired(index, siblings));
    else {
      dataOf.set(index, nearest);
      left.delete(nearest);
    }
  }
  findings.push(...[...left].map(lonelyData));
  return { dataOf, findings };
}

function isSibling(a: Place, b: Place): boolean {
  return a.path.slice(0, -1).join() === b.path.slice(0, -1).join();
}

function holds(data: Place, { content }: Place): boolean {
  const bytes = content.logIndex?.entriesBytes ?? 0;
  return LOG_DATA_START + bytes <= data.memory.size() * PAGE_SIZE;
}

function distance(a: Place, b: Place): number {
  return Math.abs((a.path.at(-1) ?? 0) - (b.path.at(-1) ?? 0));
}

function* unpaired({ path, content }: Place, siblings: readonly Place[]): Iterable<Finding> {
  const { logIndex } = content;
  if (logIndex === undefined) return; // its header is damaged, which was said
  const isShort = siblings.length > 0 && logIndex.entries > 0;
  const entries = count(logIndex.entries, "entry").replace(/entrys$/, "entries");
  yield {
    code: "log-pair",
    severity: isShort ? "error" : "warning",
    path,
    address: LOG_LENGTH_OFFSET,
    message: isShort
      ? `the log has ${entries} of ${count(logIndex.entriesBytes, "byte")}, and no memory beside it holds as many`
      : `no memory beside this one holds the log's ${entries}`,
    advice: isShort
      ? "restore the entries' memory from a backup or a snapshot; entries before its end can be read"
      : "find the log's other memory: its entries may lie under another manager",
    figures: { entries: logIndex.entries, entriesBytes: logIndex.entriesBytes },
  };
}

function lonelyData({ path }: Place): Finding {
  return {
    code: "log-pair",
    severity: "warning",
    path,
    message: "these are the entries of a log, and no memory beside this one is its index",
    advice: "find the log's index: without it nothing says where an entry ends",
  };
}
