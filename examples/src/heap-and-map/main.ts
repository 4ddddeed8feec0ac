import { SparseMemory } from "stable-structures";
import { Canister } from "./canister.js";

const memory = new SparseMemory();
const first = Canister.init(memory, "alice");
first.balances.insert("alice", 100n);
first.balances.insert("bob", 20n);
first.preUpgrade();

const second = Canister.postUpgrade(memory);
second.settings.owner = "bob";
second.balances.remove("alice");
second.preUpgrade();

const third = Canister.postUpgrade(memory);
console.log(`owner ${third.settings.owner}, ${third.settings.upgrades} upgrades`);
for (const [name, balance] of third.balances) console.log(`${name}: ${balance}`);
console.log(`${memory.size()} pages of stable memory`);
