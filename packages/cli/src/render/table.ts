import {
  count,
  formatBytes,
  type ManagerReport,
  type MemoryReport,
} from "stable-structures/inspect";
import { type Column, renderColumns } from "./columns.js";
import { formatNumber, nameOf, shortNameOf } from "./words.js";

const COLUMNS: readonly Column<MemoryReport>[] = [
  {
    header: "Memory",
    cell: ({ path, ...memory }) => "  ".repeat(path.length - 1) + nameOf(memory),
  },
  { header: "Structure", cell: ({ kind }) => shortNameOf(kind) },
  { header: "Entries", numeric: true, cell: entriesOf },
  { header: "Pages", numeric: true, cell: ({ sizeInPages }) => formatNumber(sizeInPages) },
  {
    header: "Used",
    numeric: true,
    cell: ({ usedPages }) => (usedPages === undefined ? "" : formatNumber(usedPages)),
  },
  { header: "Buckets", numeric: true, cell: ({ buckets }) => formatNumber(buckets.length) },
  { header: "Slack", numeric: true, cell: ({ slackPages }) => formatNumber(slackPages) },
  { header: "Details", cell: detailsOf },
];

/** A line for each memory, and behind it, indented, those of the manager inside it. */
export function renderTable(manager: ManagerReport, width: number): string[] {
  return renderColumns(COLUMNS, memoriesOf(manager), width);
}

function memoriesOf({ memories }: ManagerReport): MemoryReport[] {
  return memories.flatMap((memory) => [
    memory,
    ...(memory.manager === undefined ? [] : memoriesOf(memory.manager)),
  ]);
}

function entriesOf({ map, vec, logIndex }: MemoryReport): string {
  const entries = map?.length ?? vec?.length ?? logIndex?.entries;
  return entries === undefined ? "" : formatNumber(entries);
}

function detailsOf(memory: MemoryReport): string {
  const { map, vec, cell, logIndex, payload, manager, readablePages } = memory;
  const details: string[] = [];
  if (map?.layoutVersion === 1) details.push("layout 1");
  if (map) details.push(`nodes of ${formatNumber(map.nodePageSizeInBytes)} B`);
  if (vec)
    details.push(`${vec.fixedSize ? "each" : "up to"} ${formatNumber(vec.maxSizeInBytes)} B`);
  if (payload?.format) details.push(payload.format);
  if (payload?.bytes) details.push(formatBytes(payload.bytes));
  if (cell) details.push(formatBytes(cell.bytes));
  if (logIndex) details.push(formatBytes(logIndex.entriesBytes));
  if (manager) details.push(`${manager.bucketSizeInPages}-page buckets`);
  if (readablePages !== undefined) details.push(`${count(readablePages, "page")} can be read`);
  return details.join(", ");
}
