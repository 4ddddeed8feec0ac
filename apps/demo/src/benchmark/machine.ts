import { formatNumberOf } from "../format.js";

/** What a browser says of itself and of the machine; the parts of `navigator` that are read. */
export interface Machine {
  readonly userAgent: string;
  readonly hardwareConcurrency?: number;
}

/** First fitting name counts: most browsers also call themselves Chrome or Safari. */
const BROWSERS = [
  ["Edge", /Edg\/(\d+)/],
  ["Opera", /OPR\/(\d+)/],
  ["Firefox", /Firefox\/(\d+)/],
  ["Chrome", /(?:Headless)?Chrome\/(\d+)/],
  ["Safari", /Version\/(\d+(?:\.\d+)?).* Safari\//],
] as const;

const SYSTEMS = [
  ["Android", /Android/],
  ["iOS", /iPhone|iPad/],
  ["Windows", /Windows/],
  ["macOS", /Macintosh/],
  ["Linux", /Linux/],
] as const;

/** "Chrome 141 on Linux, 8 cores" */
export function describeMachine({ userAgent, hardwareConcurrency }: Machine): string {
  const browsers = BROWSERS.map(([name, pattern]) => [name, pattern.exec(userAgent)?.[1]] as const);
  const [name = "an unknown browser", version] = browsers.find(([, found]) => found) ?? [];
  const system = SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0];
  const browser = version === undefined ? name : `${name} ${version}`;
  const cores =
    hardwareConcurrency === undefined
      ? "an unknown number of cores"
      : formatNumberOf(hardwareConcurrency, "core");
  return `${browser}${system === undefined ? "" : ` on ${system}`}, ${cores}`;
}
