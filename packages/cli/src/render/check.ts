import { createColors } from "picocolors";
import type { CheckedMemory, CheckReport, MapStatistics } from "stable-structures/check";
import { count, formatBytes, formatPagesAndBytes } from "stable-structures/inspect";
import { type Column, renderColumns } from "./columns.js";
import { renderFindings } from "./findings.js";
import type { Style } from "./picture.js";
import { formatNumber, placeOf, plain, shortNameOf } from "./words.js";

type CheckedMap = CheckedMemory & { readonly map: MapStatistics };

const MEMORIES: readonly Column<CheckedMemory>[] = [
  { header: "Memory", cell: ({ path }) => path.join(" > ") || "-" },
  { header: "Structure", cell: ({ kind }) => shortNameOf(kind) },
  { header: "Entries", numeric: true, cell: ({ map }) => (map ? formatNumber(map.entries) : "") },
  { header: "Nodes", numeric: true, cell: ({ map }) => (map ? formatNumber(nodesOf(map)) : "") },
  { header: "Levels", numeric: true, cell: ({ map }) => (map ? String(map.depth) : "") },
  { header: "Leaked", numeric: true, cell: ({ map }) => (map ? leakedOf(map) : "") },
  { header: "Errors", numeric: true, cell: ({ errors }) => formatNumber(errors) },
];

const SIZES: readonly Column<MapStatistics["nodePageSizeChoices"][number]>[] = [
  {
    header: "Node page",
    numeric: true,
    cell: ({ nodePageSizeInBytes }) => formatNumber(nodePageSizeInBytes),
  },
  { header: "Chunks", numeric: true, cell: ({ chunks }) => formatNumber(chunks) },
  { header: "Bytes", numeric: true, cell: ({ bytes }) => formatBytes(bytes) },
  { header: "", cell: ({ isCurrent }) => (isCurrent ? "now" : "") },
];

/** How a check is printed. */
interface CheckStyle extends Style {
  /** With the statistics of each map. */
  readonly statistics: boolean;
}

/** The result of a check as text for a terminal. */
export function renderCheck(name: string, report: CheckReport, style: CheckStyle): string {
  const colors = createColors(style.colors);
  const { memories, findings, sizeInPages } = report;
  const maps = memories.filter((memory): memory is CheckedMap => memory.map !== undefined);
  const parts = [
    [colors.bold(`${plain(name)}: ${formatPagesAndBytes(sizeInPages)} of stable memory`)],
    renderColumns(MEMORIES, memories, style.width).map((line, i) => (i ? line : colors.dim(line))),
    ...(style.statistics ? maps.map((memory) => renderStatistics(memory, style.width)) : []),
    renderFindings(findings, style.width, colors, "Nothing wrong was found."),
    [verdictOf(report, colors)],
  ];
  return parts.map((lines) => lines.join("\n")).join("\n\n");
}

function renderStatistics({ path, map }: CheckedMap, width: number): string[] {
  const { nodes, fill, overflow, bytes, bytesPerEntry, chunks } = map;
  const perEntry = bytesPerEntry
    ? `, ${rounded(bytesPerEntry.content)} bytes of content and ${rounded(bytesPerEntry.chunks)} of chunks for each`
    : "";
  const place = placeOf(path);
  return [
    `${place[0]?.toUpperCase()}${place.slice(1)}: ${formatNumber(map.entries)} entries${perEntry}`,
    `  ${count(nodes.leaves, "leaf").replace(/leafs$/, "leaves")} and ${count(nodes.internal, "internal node")}, ${Math.round(fill * 100)} % full`,
    `  ${count(overflow.pages, "overflow page")} of ${count(overflow.chains, "node")}, the longest chain has ${overflow.longest}`,
    `  keys ${formatBytes(bytes.keys)}, values ${formatBytes(bytes.values)}, nodes ${formatBytes(bytes.nodes)}, chunks ${formatBytes(bytes.chunks)}`,
    `  ${count(chunks.allocated, "chunk")} allocated, ${formatNumber(chunks.free)} free, ${formatNumber(chunks.leaked)} leaked`,
    "  The same nodes with other node pages:",
    ...renderColumns(SIZES, map.nodePageSizeChoices, width - 2).map((line) => `  ${line}`),
  ];
}

function verdictOf({ findings, isSound }: CheckReport, colors: ReturnType<typeof createColors>) {
  if (isSound) return colors.green("Sound: whatever was checked can be read.");
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return colors.red(`Damaged: ${count(errors, "error")}. Write nothing to this image.`);
}

function nodesOf({ nodes }: MapStatistics): number {
  return nodes.leaves + nodes.internal;
}

function leakedOf({ chunks }: MapStatistics): string {
  return chunks.leaked === 0 ? "0" : formatBytes(chunks.leaked * chunks.sizeInBytes);
}

function rounded(bytes: number): string {
  return bytes.toLocaleString("en-US", { maximumFractionDigits: 1 });
}
