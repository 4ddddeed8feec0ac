// The columns in which the entries of a map are shown.
import { decodeJson, type Entry } from "./entries.js";
import { formatCount, formatHex, formatNumberOf, shorten } from "./format.js";

const TEXT_LENGTH = 40;

export interface Column {
  readonly header: string;
  readonly numeric: boolean;
  /** The text of an entry's cell. */
  readonly cell: (entry: Entry) => string;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** The columns of a map, by the entries of its first page. */
export function columnsFor(entries: readonly Entry[]): Column[] {
  const show = showBytesLike(entries.map(({ key }) => key));
  return [
    { header: "Key", numeric: false, cell: ({ key }) => show(key) },
    ...valueColumns(entries),
  ];
}

function valueColumns(entries: readonly Entry[]): Column[] {
  const values = entries.map(({ value }) => decodeJson(value)?.value);
  if (values.length === 0 || !values.every(isObject)) {
    const show = showBytesLike(entries.map(({ value }) => value));
    const numeric = values.length > 0 && values.every(isNumeric);
    return [{ header: "Value", numeric, cell: ({ value }) => show(value) }];
  }
  const names = new Set(values.flatMap((value) => Object.keys(value)));
  return [...names].flatMap((name) => columnsOfProperty(name, values));
}

function columnsOfProperty(name: string, values: readonly JsonObject[]): Column[] {
  const samples = values.map((value) => value[name]);
  const show = { header: name, numeric: samples.every(isNumeric), cell: property(name, showValue) };
  if (!samples.some((sample) => typeof sample === "string")) return [show];
  const length = (value: unknown) => (typeof value === "string" ? formatCount(value.length) : "");
  return [{ header: `${name}, length`, numeric: true, cell: property(name, length) }, show];
}

/** A cell of one property; empty where the value is no object or lacks it. */
function property(name: string, show: (value: unknown) => string): Column["cell"] {
  return ({ value }) => {
    const decoded = decodeJson(value)?.value;
    if (!isObject(decoded) || decoded[name] === undefined) return "";
    return show(decoded[name]);
  };
}

/** Shows bytes as JSON values where all the samples are JSON text, else as hexadecimal digits. */
function showBytesLike(samples: readonly Uint8Array[]): (bytes: Uint8Array) => string {
  if (!samples.every((sample) => decodeJson(sample))) return showHex;
  return (bytes) => {
    const decoded = decodeJson(bytes);
    return decoded ? showValue(decoded.value) : showHex(bytes);
  };
}

function showHex(bytes: Uint8Array): string {
  const digits = formatHex(bytes);
  return digits.endsWith("…") ? `${digits} (${formatNumberOf(bytes.length, "byte")})` : digits;
}

function showValue(value: unknown): string {
  if (typeof value === "string") return shorten(value, TEXT_LENGTH);
  return bigintText(value) ?? shorten(JSON.stringify(value), TEXT_LENGTH);
}

/** Azle writes a bigint as `{"__bigint__":"123"}`. */
function bigintText(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("__bigint__" in value)) return undefined;
  return typeof value.__bigint__ === "string" ? value.__bigint__ : undefined;
}

function isNumeric(value: unknown): boolean {
  return typeof value === "number" || bigintText(value) !== undefined;
}

function isObject(value: unknown): value is JsonObject {
  const isPlain = typeof value === "object" && value !== null && !Array.isArray(value);
  return isPlain && bigintText(value) === undefined;
}
