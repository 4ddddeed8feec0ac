import { IDL } from "@icp-sdk/core/candid";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candid } from "../../../src/candid.js";
import { cbor } from "../../../src/cbor.js";
import {
  classify,
  type Memory,
  MemoryManager,
  PAGE_SIZE,
  RestrictedMemory,
  SparseMemory,
  StableBTreeMap,
  StableStructuresError,
  UpgradeSerializer,
  u64,
  VectorMemory,
} from "../../../src/index.js";
import { messagePack } from "../../../src/msgpack.js";

const STATE = {
  users: [
    { id: 1, name: "a" },
    { id: 2, name: "b" },
  ],
  next: 3,
};

const memoryWith = (bytes: Uint8Array | string): Memory =>
  VectorMemory.from(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);

const saved = (
  format: ConstructorParameters<typeof UpgradeSerializer>[0],
  layout: "raw" | "length-prefixed",
  state: unknown = STATE,
) => {
  const memory = new VectorMemory();
  new UpgradeSerializer(format, { layout }).save(memory, state);
  return memory;
};

const managerOn = (memory: Memory) => {
  MemoryManager.create(memory, { bucketSizeInPages: 2 }).get(0).grow(3);
  return memory;
};

describe("classify", () => {
  const cases: [string, () => Memory, object][] = [
    ["nothing", () => new VectorMemory(), { kind: "empty" }],
    ["zeroes", () => memoryWith(new Uint8Array(10)), { kind: "zeroes" }],
    [
      "a manager",
      () => managerOn(new VectorMemory()),
      { kind: "memory-manager", offset: 0, confidence: "certain" },
    ],
    [
      "a manager at page 1",
      () => {
        const memory = memoryWith("IIC header");
        managerOn(new RestrictedMemory(memory, 1, 100));
        return memory;
      },
      { kind: "memory-manager", offset: PAGE_SIZE, confidence: "certain" },
    ],
    [
      "a lone map",
      () => {
        const memory = new VectorMemory();
        StableBTreeMap.create(memory, { key: u64, value: u64 });
        return memory;
      },
      { kind: "btree-map", version: 2, confidence: "likely" },
    ],
    ["raw CBOR", () => saved(cbor(), "raw"), { kind: "cbor", confidence: "likely" }],
    [
      "raw MessagePack",
      () => saved(messagePack(), "raw"),
      { kind: "messagepack", confidence: "likely" },
    ],
    ["raw Candid", () => saved(candid([IDL.Text]), "raw", ["x"]), { kind: "candid" }],
    [
      "JSON text",
      () => memoryWith('{"a":[1,"}\\""],"b":{}}'),
      { kind: "json", payloadBytes: 22, confidence: "likely" },
    ],
    [
      "length-prefixed CBOR",
      () => saved(cbor(), "length-prefixed"),
      { kind: "length-prefixed", payload: "cbor", confidence: "certain" },
    ],
    [
      "length-prefixed MessagePack",
      () => saved(messagePack(), "length-prefixed"),
      { kind: "length-prefixed", payload: "messagepack" },
    ],
    [
      "length-prefixed Candid",
      () => saved(candid([IDL.Text]), "length-prefixed", ["x"]),
      { kind: "length-prefixed", payload: "candid" },
    ],
    ["ic-storage", () => memoryWith("STORNAM1 and more"), { kind: "ic-storage" }],
    [
      "an unknown version of the manager",
      () => memoryWith("MGR\x02 and more"),
      { kind: "memory-manager", version: 2, confidence: "possible" },
    ],
    [
      "a damaged manager",
      () => memoryWith("MGR\x01\xff\xff\xff"),
      { kind: "memory-manager", confidence: "possible" },
    ],
    ["something else", () => memoryWith(Uint8Array.of(0xc1, 0xff, 0x13)), { kind: "unknown" }],
  ];
  it.each(cases)("names %s", (_, create, expected) => {
    const memory = create();
    expect(classify(memory)).toMatchObject(expected);
    expect(classify(memory).reason.length).toBeGreaterThan(10);
  });

  it("says that an older payload may lie behind a raw one", () => {
    const memory = saved(cbor(), "raw", ["x".repeat(300)]);
    new UpgradeSerializer(cbor(), { layout: "raw" }).save(memory, STATE);
    expect(classify(memory)).toMatchObject({ kind: "cbor", confidence: "possible" });
  });

  it.each([5_392_205, 5_392_205 + 16_777_216])(
    "is not fooled by a length of %i, which spells MGR",
    (length) => {
      const memory = new SparseMemory();
      memory.grow(Math.ceil((length + 4) / PAGE_SIZE));
      const header = new Uint8Array(9);
      new DataView(header.buffer).setUint32(0, length, true);
      header[4] = 0x5a; // a byte string with a length of four bytes
      new DataView(header.buffer).setUint32(5, length - 5);
      memory.write(0, header);
      expect(classify(memory)).toMatchObject({
        kind: "length-prefixed",
        payload: "cbor",
        payloadBytes: length,
      });
    },
  );

  it("is not fooled by a payload that looks like consistent tables", () => {
    const length = 22_169_421; // spells "MGR" and layout version 1
    const memory = new SparseMemory();
    memory.grow(Math.ceil((length + 4) / PAGE_SIZE));
    const header = new Uint8Array(9);
    new DataView(header.buffer).setUint32(0, length, true);
    header.set([0x9a, 0, 1, 0, 0], 4); // an array of 65,536: 65,535 zeroes and a byte string
    memory.write(0, header);
    const filler = length - 5 - 65_535 - 5;
    const tail = new Uint8Array(5);
    tail[0] = 0x5a;
    new DataView(tail.buffer).setUint32(1, filler);
    memory.write(9 + 65_535, tail);
    expect(classify(memory)).toMatchObject({ kind: "length-prefixed", payloadBytes: length });
  });

  it("does not look through gigabytes for the end of a text that is none", () => {
    const memory = new SparseMemory();
    memory.grow(300_000);
    memory.write(0, new TextEncoder().encode('{"'));
    expect(classify(memory).kind).not.toBe("json");
  });

  it("does not take a small number for a payload behind its length", () => {
    expect(classify(memoryWith(Uint8Array.of(1, 0, 0, 0, 0)))).toMatchObject({
      confidence: "possible",
    });
  });

  it("opens nothing and changes nothing", () => {
    const memory = managerOn(new VectorMemory());
    // The manager above still holds the memory: classify needs no claim.
    expect(classify(memory).kind).toBe("memory-manager");
  });
});

describe("random and damaged bytes", () => {
  const images = [
    saved(cbor(), "raw"),
    saved(messagePack(), "raw"),
    saved(cbor(), "length-prefixed"),
    saved(candid([IDL.Record({ a: IDL.Vec(IDL.Text) })]), "raw", [{ a: ["x", "y"] }]),
    managerOn(new VectorMemory()),
  ];
  const serializers = [
    new UpgradeSerializer(cbor(), { layout: "raw" }),
    new UpgradeSerializer(messagePack(), { layout: "raw" }),
    new UpgradeSerializer(cbor(), { layout: "length-prefixed" }),
    new UpgradeSerializer(candid([IDL.Record({ a: IDL.Vec(IDL.Text) })]), { layout: "raw" }),
  ];

  const mutation = fc.record({
    image: fc.nat(images.length - 1),
    changes: fc.array(fc.tuple(fc.integer({ min: 0, max: 80 }), fc.nat(255)), {
      minLength: 1,
      maxLength: 6,
    }),
  });

  it("give an answer or a coded error", () => {
    const original = images.map((memory) => {
      const start = new Uint8Array(200);
      memory.read(0, start);
      return start;
    });
    fc.assert(
      fc.property(mutation, ({ image, changes }) => {
        const bytes = Uint8Array.from(original[image] as Uint8Array);
        for (const [at, value] of changes) bytes[at] = value;
        const memory = VectorMemory.from(bytes);
        expect(classify(memory).reason).toBeTypeOf("string");
        for (const serializer of serializers) {
          try {
            serializer.restore(memory);
          } catch (error) {
            if (!(error instanceof StableStructuresError)) throw error;
          }
        }
      }),
      { numRuns: 3000 },
    );
  });
});
