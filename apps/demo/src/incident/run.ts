// Runs the incident step by step, each time from its beginning, in a memory of its own.
import {
  type ErrorCode,
  type Memory,
  SparseMemory,
  StableStructuresError,
} from "stable-structures";
import { describeContent, firstPageOf } from "../model.js";
import type { State } from "./state.js";
import * as changedSize from "./steps/changed-size.js";
import * as freshCanister from "./steps/fresh-canister.js";
import * as managerHooks from "./steps/manager-hooks.js";
import * as rawHooks from "./steps/raw-hooks.js";

/** Who has a page of stable memory. */
export type PageOwner = "state" | "manager" | "nothing";

/** How a call of the library was refused. */
interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What a step left behind. */
export interface StepResult {
  /** What `memory.size()` says. */
  readonly pages: number;
  /** Who has each of these pages. */
  readonly owners: readonly PageOwner[];
  /** The state that the canister has after its upgrade. */
  readonly restored: State;
  /** True when that is the state which was saved. */
  readonly isSame: boolean;
  readonly refusal?: Refusal;
  /** Pages that the memory of {@link refusal} had then, where it is another one. */
  readonly refusedAtPages?: number;
}

type Step = (canister: Memory, state: State) => StepResult;

const STEPS: readonly Step[] = [writeRaw, moveBehindManager, changeSize, startAfresh];

export const STEP_COUNT = STEPS.length;

/** The first `count` steps with `state`. */
export function runSteps(state: State, count: number): StepResult[] {
  const canister = new SparseMemory();
  return STEPS.slice(0, count).map((step) => step(canister, state));
}

function writeRaw(canister: Memory, state: State): StepResult {
  rawHooks.preUpgrade(canister, state);
  return resultOf(canister, state, rawHooks.postUpgrade(canister));
}

/** Two upgrades: to a version that reads the raw state, and from it to one that has the new hooks only. */
function moveBehindManager(canister: Memory, state: State): StepResult {
  managerHooks.preUpgrade(canister, rawHooks.postUpgrade(canister));
  return resultOf(canister, state, managerHooks.postUpgrade(canister));
}

function changeSize(canister: Memory, state: State): StepResult {
  const refusal = refusalOf(() => changedSize.openWithOne(canister));
  return { ...resultOf(canister, state, changedSize.upgrade(canister)), refusal };
}

function startAfresh(_: Memory, state: State): StepResult {
  const canister = new SparseMemory();
  freshCanister.preUpgrade(canister, state);
  const result = resultOf(canister, state, freshCanister.postUpgrade(canister));
  const refusal = refusalOf(() => freshCanister.growBeyondCap(canister));
  return { ...result, refusal, refusedAtPages: canister.size() };
}

function resultOf(canister: Memory, state: State, restored: State): StepResult {
  const isSame = JSON.stringify(restored) === JSON.stringify(state);
  return { pages: canister.size(), owners: pageOwners(canister), restored, isSame };
}

/** Who has each page, read from the image. */
export function pageOwners(memory: Memory): PageOwner[] {
  const { manager, live } = describeContent(memory);
  const owners = new Array<PageOwner>(memory.size()).fill("nothing");
  if (manager === undefined) {
    for (const { start, end } of live) owners.fill("state", start, end);
    return owners;
  }
  owners[manager.startPage] = "manager";
  for (const { index, claimed } of manager.buckets) {
    const first = firstPageOf(index, manager);
    owners.fill("state", first, first + claimed);
  }
  return owners;
}

/** The error of the library that `call` must end with. */
function refusalOf(call: () => void): Refusal {
  try {
    call();
  } catch (error) {
    if (error instanceof StableStructuresError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("a call that must be refused was not");
}
