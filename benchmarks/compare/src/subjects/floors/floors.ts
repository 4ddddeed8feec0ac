import type { StableBTreeMap, Storable, StorableKey, WasmMemory } from "stable-structures";
import type { Floor } from "../../case.js";
import type { List } from "../../streams.js";
import type { Work } from "../session.js";
import { measureChanges } from "./change.js";
import { measureLookups } from "./lookup.js";
import { type Packed, packedOf } from "./packed.js";
import { measureWalk } from "./walk.js";

/** How the entries of a map look to a program. */
interface Types<K, V> {
  readonly key: StorableKey<K>;
  readonly value: Storable<V>;
  /** The number of a value. */
  readonly numberOf: (value: V) => number;
}

/** What could be reached at best with the entries of a case. */
export class Floors<K, V> {
  readonly #memory: WasmMemory;
  readonly #types: Types<K, V>;
  /** Packed once, since they are the same in every round: collecting what it leaves takes as long as a walk. */
  #packed: Packed<K> | undefined;

  constructor(memory: WasmMemory, types: Types<K, V>) {
    this.#memory = memory;
    this.#types = types;
  }

  /** Measures one of them with a map that has all entries. It is afterwards as it was. */
  measure(floor: Floor, map: StableBTreeMap<K, V>, queries: List<K>): Work {
    const { key, numberOf } = this.#types;
    switch (floor) {
      case "floor":
        return measureLookups(this.#memory, key, queries);
      case "floor-change":
        return measureChanges(this.#memory, key, queries);
      case "floor-iterate":
        this.#packed ??= packedOf(map, this.#types);
        return measureWalk(this.#packed, numberOf);
    }
  }
}
