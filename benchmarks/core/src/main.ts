import { VectorMemory } from "stable-structures";

const memory = new VectorMemory();
memory.grow(1);
const bytes = new Uint8Array(4096);
const rounds = 1_000_000;
const begin = performance.now();
for (let i = 0; i < rounds; i++) memory.write((i & 15) * 4096, bytes);
console.log(`write 4 KiB: ${(((performance.now() - begin) * 1e6) / rounds).toFixed(1)} ns`);
