import type { createColors } from "picocolors";
import { count, type Finding } from "stable-structures/inspect";
import { placeOf, wrap } from "./words.js";

/** Findings beyond these are only counted; `--json` has them all. */
const MAX_FINDINGS = 20;
const INDENT = 2;
const SEVERITIES = ["error", "warning", "info"] as const;

export type Colors = ReturnType<typeof createColors>;

/** The findings, worst first, each with what to do next; or `sound` when there are none. */
export function renderFindings(
  findings: readonly Finding[],
  width: number,
  colors: Colors,
  sound: string,
): string[] {
  if (findings.length === 0) return [colors.green(sound)];
  const worstFirst = findings.toSorted(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
  const lines = worstFirst
    .slice(0, MAX_FINDINGS)
    .flatMap((finding) => renderFinding(finding, width, colors));
  const rest = findings.length - MAX_FINDINGS;
  if (rest > 0) lines.push(`${count(rest, "more finding")}; --json prints all of them`);
  return lines;
}

function renderFinding(finding: Finding, width: number, colors: Colors): string[] {
  const { severity, code, message, advice } = finding;
  const color = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
  const paragraph = (text: string) =>
    wrap(text, width - INDENT).map((line) => " ".repeat(INDENT) + line);
  return [
    `${color(severity)} ${colors.bold(code)} (${whereOf(finding)})`,
    ...paragraph(`${message}.`),
    ...paragraph(`Next: ${advice}.`),
  ];
}

/** "memory 3, address 116, 65652 in the image" */
function whereOf({ path, address, imageAddress }: Finding): string {
  const place = placeOf(path);
  if (address === undefined) return place;
  const inImage =
    imageAddress === undefined || imageAddress === address ? "" : `, ${imageAddress} in the image`;
  return `${place}, address ${address}${inImage}`;
}
