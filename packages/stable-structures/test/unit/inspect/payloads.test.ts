import { describe, expect, it } from "vitest";
import { cbor } from "../../../src/cbor.js";
import {
  MemoryManager,
  PAGE_SIZE,
  SparseMemory,
  UpgradeSerializer,
  VectorMemory,
} from "../../../src/index.js";
import { inspect } from "../../../src/inspect.js";

const STATE = { users: [1, 2, 3], name: "a state" };

describe("inspect of what upgrade hooks wrote", () => {
  it("names a raw payload that is the whole memory, and finds no fault with it", () => {
    const memory = new VectorMemory();
    new UpgradeSerializer(cbor(), { layout: "raw" }).save(memory, STATE);
    const report = inspect(memory);
    expect(report).toMatchObject({ kind: "cbor", payload: { confidence: "likely", bytes: 24 } });
    expect(report.findings).toEqual([]);
  });

  it("names the payload in a memory of a manager", () => {
    const base = new VectorMemory();
    const manager = MemoryManager.create(base, { bucketSizeInPages: 1 });
    new UpgradeSerializer(cbor(), { layout: "length-prefixed" }).save(manager.get(0), STATE);
    expect(inspect(base).manager?.memories).toMatchObject([
      {
        id: 0,
        kind: "length-prefixed",
        payload: { format: "cbor", bytes: 24, confidence: "certain" },
      },
    ]);
  });

  it("is not fooled by a length that spells the manager's magic and version", () => {
    const length = 22_169_421;
    const memory = new SparseMemory();
    memory.grow(Math.ceil((length + 4) / PAGE_SIZE));
    const header = new Uint8Array(9);
    const view = new DataView(header.buffer);
    view.setUint32(0, length, true);
    header[4] = 0x5a;
    view.setUint32(5, length - 5);
    memory.write(0, header);
    const report = inspect(memory);
    expect(report).toMatchObject({ kind: "length-prefixed", payload: { bytes: length } });
    expect(report.findings).toEqual([]);
  });
});
