import { MANAGER_MAGIC, MANAGER_VERSION } from "@stable-structures/core/layout";
import { getMagic } from "../io/bytes.js";
import { describeKind, kindByMagic } from "../io/structure-kind.js";
import { firstNonZero, type Memory, readBytes } from "../memory/memory.js";
import { RestrictedMemory } from "../memory/restricted-memory.js";
import { PAGE_SIZE, pagesFor } from "../units.js";
import { type Classification, classify } from "../upgrade/classify.js";
import { wasteOf } from "./bucket-sizes.js";
import { BucketView } from "./bucket-view.js";
import { factsOf } from "./facts.js";
import { Findings, MAX_DEPTH } from "./findings.js";
import { describeManager } from "./manager.js";
import type {
  ContentReport,
  Finding,
  ImageReport,
  InspectOptions,
  ManagerReport,
  ReportedKind,
} from "./report.js";
import { count, formatPagesAndBytes } from "./words.js";

/** A manager may start behind so many pages of the canister's own; Internet Identity keeps one. */
const MAX_START_PAGE = 16;
/** A memory that starts with so many pages of zeroes is not looked through further. */
const MAX_ZERO_PAGES_IN_MEMORY = 64;

/**
 * Describes the stable memory image in `memory`: the manager and where it starts, its memories and
 * what each holds, managers inside them, and what is wrong or wasteful.
 *
 * Reads headers only, so the size of the image does not matter. Never writes, takes no claim (what is
 * open may stay open), and does not throw because of what the image holds: damage is a finding.
 * @throws RangeError when `lengthInBytes` does not end in the memory's last page.
 */
export function inspect(memory: Memory, options: InspectOptions = {}): ImageReport {
  const findings = new Findings();
  const sizeInPages = memory.size();
  const sizeInBytes = checkLength(options.lengthInBytes ?? sizeInPages * PAGE_SIZE, sizeInPages);
  const content = describeImage(memory, sizeInBytes, findings);
  for (const finding of findingsOf(content, sizeInBytes, findings.list)) findings.add(finding);
  return { version: 1, ...content, sizeInBytes, findings: findings.list };
}

/**
 * The memory at `path` of an image that was inspected, such as [254, 3]; read-only, and as the image
 * was then. Opening a structure on it does not disturb one that is open in the image.
 * @throws RangeError when the report has no such memory.
 */
export function memoryAt(memory: Memory, report: ImageReport, path: readonly number[]): Memory {
  let below = memory;
  let manager = report.manager;
  for (const id of path) {
    const found = manager?.memories.find((candidate) => candidate.id === id);
    if (manager === undefined || found === undefined)
      throw new RangeError(`the image has no memory ${path.join(" > ")}`);
    const { buckets, sizeInPages } = found;
    const start = fromPage(below, manager.startPage);
    below = new BucketView(start, buckets, manager.bucketSizeInPages, sizeInPages);
    manager = found.manager;
  }
  return below;
}

function describeImage(memory: Memory, lengthInBytes: number, findings: Findings): ContentReport {
  const content = describeContent(memory, [], memory.size(), findings, lengthInBytes);
  if (!["unknown", "zeroes", "not-looked-through"].includes(content.kind)) return content;
  const startPage = findManager(memory);
  if (startPage === undefined) return content;
  const manager = managerAt(memory, startPage, [], findings, lengthInBytes);
  return manager === undefined ? content : { ...content, ...withManager(manager) };
}

/** The page behind page 0 on which a manager starts. */
function findManager(memory: Memory): number | undefined {
  const end = Math.min(MAX_START_PAGE + 1, memory.size());
  for (let page = 1; page < end; page++) {
    const bytes = readBytes(memory, page * PAGE_SIZE, 4);
    if (getMagic(bytes, 0) === MANAGER_MAGIC && bytes[3] === MANAGER_VERSION) return page;
  }
  return undefined;
}

/** What lies in `memory`, which should have `sizeInPages` pages. */
function describeContent(
  memory: Memory,
  path: readonly number[],
  sizeInPages: number,
  findings: Findings,
  lengthInBytes: number,
): ContentReport {
  const readablePages = memory.size();
  const { kind, description, payload } = kindOf(memory, sizeInPages, findings);
  const content = {
    kind,
    description,
    ...(payload === undefined ? {} : { payload }),
    sizeInPages,
    ...(readablePages < sizeInPages ? { readablePages } : {}),
    ...factsOf(kind, memory, path, findings),
  };
  if (kind !== "memory-manager") return content;
  if (path.length >= MAX_DEPTH || !findings.takeManager()) {
    findings.add(notFollowed(path));
    return content;
  }
  const manager = managerAt(memory, 0, path, findings, lengthInBytes);
  return manager === undefined ? content : { ...content, ...withManager(manager) };
}

function managerAt(
  memory: Memory,
  startPage: number,
  path: readonly number[],
  findings: Findings,
  lengthInBytes: number,
): ManagerReport | undefined {
  const place = {
    memory: fromPage(memory, startPage),
    lengthInBytes: lengthInBytes - startPage * PAGE_SIZE,
    startPage,
    path,
  };
  return describeManager(place, findings, (view, inner, sizeInPages) =>
    describeContent(view, inner, sizeInPages, findings, view.size() * PAGE_SIZE),
  );
}

function withManager(manager: ManagerReport): Pick<ContentReport, "manager" | "usedPages"> {
  const inMemories = manager.memories.reduce(
    (sum, { usedPages, sizeInPages, ownedPages }) =>
      sum + (usedPages ?? Math.min(sizeInPages, ownedPages)),
    0,
  );
  return { manager, usedPages: manager.startPage + 1 + inMemories };
}

function kindOf(
  memory: Memory,
  sizeInPages: number,
  findings: Findings,
): Pick<ContentReport, "kind" | "description" | "payload"> {
  const pages = memory.size();
  if (pages === 0 && sizeInPages > 0)
    return { kind: "unreadable", description: "nothing that can be read" };
  const kind = kindByMagic(memory);
  if (kind !== "zeroes")
    return payloadIn(memory, kind) ?? { kind, description: describeKind(kind) };
  const searched = findings.takeZeroPages(Math.min(pages, MAX_ZERO_PAGES_IN_MEMORY));
  if (firstNonZero(memory, searched) !== -1)
    return { kind: "unknown", description: describeKind("unknown") };
  if (searched === pages) return { kind, description: describeKind(kind) };
  const description = `zeroes in the first ${count(searched, "page")}, the rest not looked through`;
  return { kind: "not-looked-through", description };
}

/** Kinds whose first bytes may be those of a payload. */
const PAYLOAD_LIKE: readonly ReportedKind[] = ["unknown", "candid", "memory-manager"];

/** The payload of an upgrade hook, where that is what the memory holds. */
function payloadIn(
  memory: Memory,
  kind: ReportedKind,
): Pick<ContentReport, "kind" | "description" | "payload"> | undefined {
  if (!PAYLOAD_LIKE.includes(kind)) return undefined;
  const found = classify(memory);
  if (!isPayload(found)) return undefined;
  const { payload: format, payloadBytes: bytes, confidence, reason } = found;
  return {
    kind: found.kind,
    description: `${DESCRIPTIONS[found.kind]}${format === undefined ? "" : ` (${format})`}`,
    payload: {
      confidence,
      reason,
      ...(format === undefined ? {} : { format }),
      ...(bytes === undefined ? {} : { bytes }),
    },
  };
}

const DESCRIPTIONS = {
  cbor: "a CBOR payload",
  messagepack: "a MessagePack payload",
  candid: "Candid values",
  json: "JSON text",
  "length-prefixed": "a payload behind its length",
  "ic-storage": "memories of the crate ic-storage",
} as const;

type PayloadClassification = Classification & { readonly kind: keyof typeof DESCRIPTIONS };

function isPayload(found: Classification): found is PayloadClassification {
  return found.kind in DESCRIPTIONS;
}

function fromPage(memory: Memory, startPage: number): Memory {
  return startPage === 0 ? memory : new RestrictedMemory(memory, startPage, memory.size());
}

/** What concerns the image as a whole. */
function* findingsOf(
  content: ContentReport,
  sizeInBytes: number,
  known: readonly Finding[],
): Iterable<Finding> {
  const { kind, manager } = content;
  if (sizeInBytes % PAGE_SIZE !== 0 && !known.some(({ code }) => code === "truncated")) {
    yield {
      code: "truncated",
      severity: "error",
      path: [],
      address: sizeInBytes,
      message: `the image ends inside a page, after ${count(sizeInBytes, "byte")}; stable memory has whole pages of 65,536`,
      advice: "copy or download the image again; what lies before its end is reported",
      figures: { sizeInBytes },
    };
  }
  if (kind === "empty") {
    yield {
      code: "nothing-known",
      severity: "warning",
      path: [],
      message: "the image has no pages",
      advice:
        "a canister that never used its stable memory has none; else check where the image comes from",
    };
  }
  if (kind === "unknown" && manager === undefined) {
    yield {
      code: "nothing-known",
      severity: "warning",
      path: [],
      message: `${formatPagesAndBytes(content.sizeInPages)} hold neither a memory manager nor a known structure`,
      advice: "check that this is a stable memory image, and whether it is complete",
    };
  }
  const waste = wasteOf(content);
  if (waste !== undefined) yield waste;
}

function notFollowed(path: readonly number[]): Finding {
  return {
    code: "not-followed",
    severity: "warning",
    path,
    message:
      "the manager in this memory was not looked into: it is too deep inside others, or there are too many",
    advice: "copy this memory into an image of its own and inspect that",
  };
}

function checkLength(lengthInBytes: number, sizeInPages: number): number {
  if (!Number.isInteger(lengthInBytes) || pagesFor(lengthInBytes) !== sizeInPages) {
    throw new RangeError(
      `lengthInBytes must end in the last of the memory's ${sizeInPages} pages, got ${lengthInBytes}`,
    );
  }
  return lengthInBytes;
}
