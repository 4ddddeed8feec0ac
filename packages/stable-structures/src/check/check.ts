import { inspect } from "../inspect/inspect.js";
import type { Finding, ImageReport } from "../inspect/report.js";
import type { Memory } from "../memory/memory.js";
import { PAGE_SIZE } from "../units.js";
import { ByteMemory } from "./byte-memory.js";
import { type CheckOptions, nameOf } from "./codecs.js";
import { imageAddressOf } from "./image-address.js";
import { pairLogs } from "./log-pairs.js";
import { checkPlace } from "./place-check.js";
import { type Place, placesOf } from "./places.js";
import type { CheckedMemory, CheckReport } from "./report.js";

/**
 * Checks everything that a stable memory image holds: the manager's tables, every chunk and node of its
 * maps, their order where codecs are given, and the other structures. Says what is wrong and where.
 *
 * Never writes, takes no claim, and does not throw because of what the image holds. Works on any memory,
 * or on the bytes of an image, in JavaScript.
 *
 * Complexity: reads each map about twice, in space of a byte for each chunk.
 * @throws RangeError when `lengthInBytes` does not end in the memory's last page.
 */
export function check(image: Memory | Uint8Array, options: CheckOptions = {}): CheckReport {
  const memory = image instanceof Uint8Array ? new ByteMemory(image) : image;
  const bytes = image instanceof Uint8Array ? image.length : undefined;
  const lengthInBytes = options.lengthInBytes ?? bytes;
  const inspected = inspect(memory, lengthInBytes === undefined ? {} : { lengthInBytes });
  const places = placesOf(memory, inspected);
  const logs = pairLogs(places);
  const checked = checkPlaces(places, inspected, logs.dataOf, options);
  const findings = [
    ...inspected.findings.filter((finding) => !checked.replaces(finding)),
    ...logs.findings,
    ...checked.findings,
    ...unusedCodecs(places, options),
  ].map((finding) => withImageAddress(inspected, finding));
  const { sizeInBytes, sizeInPages } = inspected;
  const isSound = findings.every(({ severity }) => severity !== "error");
  const memories = checked.memories.map((each) => countErrors(each, findings));
  return { version: 1, sizeInBytes, sizeInPages, isSound, memories, findings };
}

interface CheckedPlaces {
  readonly memories: readonly Omit<CheckedMemory, "errors">[];
  readonly findings: readonly Finding[];
  /** True for a finding of headers that the check has proved void. */
  replaces(finding: Finding): boolean;
}

function checkPlaces(
  places: readonly Place[],
  { findings: known }: ImageReport,
  dataOf: ReadonlyMap<Place, Place>,
  { codecs = {}, onProgress }: CheckOptions,
): CheckedPlaces {
  const totalBytes = places.reduce((sum, { memory }) => sum + memory.size() * PAGE_SIZE, 0);
  const knownPlaces = new Set(known.map(keyOf));
  const reordered = new Set<string>();
  const memories: Omit<CheckedMemory, "errors">[] = [];
  const findings: Finding[] = [];
  let before = 0;
  for (const place of places) {
    const { path, content, memory } = place;
    const sizeInBytes = memory.size() * PAGE_SIZE;
    const tell = (share: number) =>
      onProgress?.({ path, checkedBytes: Math.floor(before + share * sizeInBytes), totalBytes });
    const hasErrors = known.some((finding) => isErrorIn(finding, path));
    const own = codecs[nameOf(path)] ?? {};
    tell(0);
    const found = checkPlace(place, {
      codecs: own,
      data: dataOf.get(place),
      hasErrors,
      progress: tell,
    });
    if (found.isReordered) reordered.add(nameOf(path));
    findings.push(...found.findings.filter((finding) => !knownPlaces.has(keyOf(finding))));
    const { kind, description } = content;
    memories.push({
      path,
      kind,
      description,
      ...(found.map === undefined ? {} : { map: found.map }),
    });
    before += sizeInBytes;
    tell(0);
  }
  const replaces = ({ path, severity }: Finding) =>
    severity === "error" && reordered.has(nameOf(path));
  return { memories, findings, replaces };
}

/** What headers say of damage is found again when the structure behind them is checked. */
function keyOf({ code, path, address }: Finding): string {
  return `${code} ${path.join()} ${address}`;
}

function isErrorIn({ severity, path }: Finding, of: readonly number[]): boolean {
  return severity === "error" && path.length === of.length && path.every((id, i) => id === of[i]);
}

function countErrors(
  memory: Omit<CheckedMemory, "errors">,
  findings: readonly Finding[],
): CheckedMemory {
  const errors = findings.filter((finding) => isErrorIn(finding, memory.path)).length;
  return { ...memory, errors };
}

function withImageAddress(image: ImageReport, finding: Finding): Finding {
  const { path, address } = finding;
  if (address === undefined) return finding;
  const imageAddress = imageAddressOf(image, path, address);
  return imageAddress === undefined ? finding : { ...finding, imageAddress };
}

function unusedCodecs(places: readonly Place[], { codecs = {} }: CheckOptions): Finding[] {
  const names = new Set(places.map(({ path }) => nameOf(path)));
  return Object.keys(codecs)
    .filter((name) => !names.has(name))
    .map((name) => ({
      code: "codec-unused",
      severity: "warning",
      path: [],
      message: `codecs were given for memory "${name}", and the image has none of that name that could be checked`,
      advice: 'name memories by their ids: "3", or "254/5" for one inside another',
    }));
}
