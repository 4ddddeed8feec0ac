import { cpus, totalmem } from "node:os";
import type { Contention } from "./contention.js";
import type { Facts, Row } from "./measure.js";

/** What a run is about, and what it gave. */
export interface Result {
  readonly machine: Machine;
  readonly date: string;
  readonly command: string;
  readonly rows: readonly Row[];
  readonly facts: readonly Facts[];
  readonly counts: readonly CountRow[];
  /** Whether the machine was shared while it measured; results of before 2026-11-29 do not say. */
  readonly contention?: Contention;
}

/** Where it was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryInGiB: number;
  readonly node: string;
  readonly platform: string;
}

/** Counts for one operation of a phase. */
export interface CountRow {
  readonly row: string;
  readonly subject: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** This machine. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryInGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** `AMD EPYC, 2 cores, 24 GiB, Node v20.20.2, linux x64` */
export function describeMachine({ cpu, cores, memoryInGiB, node, platform }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryInGiB} GiB, Node ${node}, ${platform}`;
}
