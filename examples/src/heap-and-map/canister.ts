import {
  jsonFormat,
  type Memory,
  MemoryManager,
  StableBTreeMap,
  text,
  UpgradeSerializer,
  u64,
} from "stable-structures";

/** What is small and changes as a whole lives on the heap, and is carried over upgrades. */
export interface Settings {
  owner: string;
  upgrades: number;
}

const SETTINGS = 0;
const BALANCES = 1;
const settingsSerializer = new UpgradeSerializer(jsonFormat<Settings>(), {
  layout: "length-prefixed",
});

/**
 * One manager, two memories: settings from the heap in memory 0, written by the hook before an upgrade and
 * read by the one after it; balances in memory 1, where they stay.
 */
export class Canister {
  settings: Settings;
  readonly balances: StableBTreeMap<string, bigint>;
  readonly #manager: MemoryManager;

  private constructor(manager: MemoryManager, settings: Settings) {
    this.#manager = manager;
    this.settings = settings;
    this.balances = StableBTreeMap.init(manager.get(BALANCES), { key: text, value: u64 });
  }

  /** The `init` hook: an empty stable memory. */
  static init(memory: Memory, owner: string): Canister {
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
    return new Canister(manager, { owner, upgrades: 0 });
  }

  /** The `post_upgrade` hook: the heap is gone, stable memory is what it was. */
  static postUpgrade(memory: Memory): Canister {
    const manager = MemoryManager.load(memory);
    const settings = settingsSerializer.restore(manager.get(SETTINGS));
    return new Canister(manager, { ...settings, upgrades: settings.upgrades + 1 });
  }

  /** The `pre_upgrade` hook. The map needs nothing: it is in stable memory already. */
  preUpgrade(): void {
    settingsSerializer.save(this.#manager.get(SETTINGS), this.settings);
    this.balances.close();
    this.#manager.close();
  }
}
