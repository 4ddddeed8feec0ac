import { createColors } from "picocolors";
import {
  count,
  formatBytes,
  formatPagesAndBytes,
  type ImageReport,
  type ManagerReport,
  type MemoryReport,
} from "stable-structures/inspect";
import { type Colors, renderFindings } from "./findings.js";
import { renderPicture, type Style } from "./picture.js";
import { renderTable } from "./table.js";
import { formatNumber, placeOf, plain } from "./words.js";

/** Pictures beyond these are left out; `--json` has them all. */
const MAX_PICTURES = 4;
const MAX_BUCKETS = 32_768;
/** The report as text for a terminal. */
export function renderReport(name: string, report: ImageReport, style: Style): string {
  const colors = createColors(style.colors);
  const { manager } = report;
  const parts = [headline(name, report, colors)];
  if (manager) {
    parts.push(renderTable(manager, style.width).map((line, i) => (i ? line : colors.dim(line))));
    const pictured = managersOf(manager).filter(([, { bucketOwners }]) => bucketOwners.length > 0);
    for (const [path, inner] of pictured.slice(0, MAX_PICTURES)) {
      const title = path.length === 0 ? [] : [`Inside ${placeOf(path)}`];
      parts.push([...title, ...renderPicture(inner, style)]);
    }
  }
  const sound = "Nothing wrong was found in the headers.";
  parts.push(renderFindings(report.findings, style.width, colors, sound));
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function headline(name: string, report: ImageReport, colors: Colors): string[] {
  const { sizeInPages, manager } = report;
  const first = colors.bold(`${plain(name)}: ${formatPagesAndBytes(sizeInPages)} of stable memory`);
  if (!manager) return [first, `It holds ${report.description}.${factsOf(report)}`];
  const { startPage, bucketSizeInPages, allocatedBuckets, maximumBytes } = manager;
  return [
    first,
    `A memory manager at page ${startPage}: ${formatNumber(allocatedBuckets)} of ${formatNumber(MAX_BUCKETS)} buckets of ` +
      `${formatPagesAndBytes(bucketSizeInPages)}, which cap it at ${formatBytes(maximumBytes)} for good`,
  ];
}

/** What headers say of a lone structure. */
function factsOf({ map, vec, cell, logIndex }: ImageReport): string {
  const entries = map?.length ?? vec?.length ?? logIndex?.entries;
  if (entries !== undefined) return ` Entries: ${formatNumber(entries)}.`;
  return cell ? ` Value: ${count(cell.bytes, "byte")}.` : "";
}

function managersOf(
  manager: ManagerReport,
  path: readonly number[] = [],
): (readonly [readonly number[], ManagerReport])[] {
  const inner = manager.memories.filter(
    (memory): memory is MemoryReport & { manager: ManagerReport } => memory.manager !== undefined,
  );
  return [[path, manager], ...inner.flatMap((memory) => managersOf(memory.manager, memory.path))];
}
