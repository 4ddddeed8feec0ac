import { type Memory, RestrictedMemory, SparseMemory } from "stable-structures";

/** What a module exports for upgrades. */
export interface Hooks<State> {
  /** Runs in the old module: the state is still on its heap. */
  preUpgrade(memory: Memory, state: State): void;
  /** Runs in the new module: its heap is empty, and all there is to go by is stable memory. */
  postUpgrade(memory: Memory): State;
}

/** Options of {@link Canister.upgrade}. */
export interface UpgradeOptions {
  /** Leave the old module's hook out: the way past one that always throws. */
  skipPreUpgrade?: boolean;
}

/** 500 GiB, the most stable memory that a canister may have. */
const MAX_PAGES = 8_192_000;

/** A canister as far as upgrades go: a module, its heap, and stable memory, which outlives both. */
export class Canister<State> {
  readonly stable = new SparseMemory();
  #module: Hooks<State>;
  #heap: State;

  /** Installs `module` with `state` on its heap. */
  constructor(module: Hooks<State>, state: State) {
    this.#module = module;
    this.#heap = state;
  }

  /** The state on the heap. */
  get state(): State {
    return this.#heap;
  }

  /**
   * Runs the old module's pre_upgrade, then the new module's post_upgrade, as one unit: when either
   * throws, module, heap and stable memory are what they were before.
   */
  upgrade(next: Hooks<State>, { skipPreUpgrade = false }: UpgradeOptions = {}): void {
    this.stable.snapshot("upgrade");
    try {
      if (!skipPreUpgrade) this.#module.preUpgrade(handleOf(this.stable), this.#heap);
      this.#heap = next.postUpgrade(handleOf(this.stable));
      this.#module = next;
    } catch (error) {
      this.stable.rollback("upgrade");
      throw error;
    } finally {
      this.stable.release("upgrade");
    }
  }
}

/** Stable memory as one module sees it: nothing that a module left open reaches the next. */
function handleOf(stable: Memory): Memory {
  return new RestrictedMemory(stable, 0, MAX_PAGES);
}
