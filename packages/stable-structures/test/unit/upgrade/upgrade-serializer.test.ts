import { IDL } from "@icp-sdk/core/candid";
import { describe, expect, it } from "vitest";
import { candid, stableRestore, stableSave } from "../../../src/candid.js";
import { cbor, Float } from "../../../src/cbor.js";
import {
  jsonFormat,
  type Memory,
  MemoryManager,
  PAGE_SIZE,
  type PayloadFormat,
  readImage,
  SparseMemory,
  StableBTreeMap,
  UpgradeSerializer,
  u64,
  VectorMemory,
} from "../../../src/index.js";
import { messagePack } from "../../../src/msgpack.js";
import { codeOf } from "../../support/errors.js";

const STATE = {
  name: "Zoë",
  counter: 7,
  big: 2n ** 63n,
  ratio: 0.5,
  ready: true,
  nothing: null,
  avatar: Uint8Array.of(1, 2, 255),
  tags: ["a", "b"],
  nested: { empty: [], list: [{ id: 1 }, { id: 2 }] },
};

const { big: _big, avatar: _avatar, ...JSON_STATE } = STATE;

const CANDID_TYPES = [
  IDL.Record({ id: IDL.Nat64, name: IDL.Text, data: IDL.Vec(IDL.Nat8) }),
  IDL.Opt(IDL.Int),
];
const CANDID_STATE = [{ id: 5n, name: "x", data: Uint8Array.of(1, 2) }, [-3n]];

// biome-ignore lint/suspicious/noExplicitAny: each format is used with its own state
const formats: [string, PayloadFormat<any>, unknown][] = [
  ["cbor", cbor(), STATE],
  ["messagePack", messagePack(), STATE],
  ["jsonFormat", jsonFormat(), JSON_STATE],
  ["candid", candid(CANDID_TYPES), CANDID_STATE],
];

const layouts = ["raw", "length-prefixed"] as const;

describe.each(formats)("UpgradeSerializer with %s", (_, format, state) => {
  describe.each(layouts)("%s", (layout) => {
    const serializer = new UpgradeSerializer(format, { layout });

    it("restores what it saved, in the fewest pages", () => {
      const memory = new VectorMemory();
      serializer.save(memory, state);
      expect(memory.size()).toBe(1);
      expect(serializer.restore(memory)).toEqual(state);
    });

    it("restores a shorter state over a longer one", () => {
      if (Array.isArray(state)) return; // Candid arguments have no part to make longer
      const memory = new VectorMemory();
      serializer.save(memory, { ...(state as object), filler: "y".repeat(100_000) });
      serializer.save(memory, state);
      expect(serializer.restore(memory)).toEqual(state);
      expect(memory.size()).toBe(2);
    });

    it("refuses to read an empty memory, or to write over a structure or read one", () => {
      expect(codeOf(() => serializer.restore(new VectorMemory()))).toBe("STABLE_FOREIGN_BYTES");
      const manager = MemoryManager.create(new VectorMemory(), { bucketSizeInPages: 1 });
      const map = StableBTreeMap.create(manager.get(0), { key: u64, value: u64 });
      expect(codeOf(() => serializer.save(manager.get(0), state))).toBe("STABLE_MEMORY_IN_USE");
      map.close();
      for (const use of [
        () => serializer.save(manager.get(0), state),
        () => serializer.restore(manager.get(0)),
      ]) {
        expect(codeOf(use)).toBe("STABLE_FOREIGN_BYTES");
        expect(use).toThrow(/BTreeMap/);
      }
      serializer.save(manager.get(1), state);
      expect(serializer.restore(manager.get(1))).toEqual(state);
    });

    it("loses nothing when the memory is full", () => {
      const memory = new VectorMemory({ maximumPages: 1 });
      serializer.save(memory, state);
      const before = readImage(memory);
      const large = Array.isArray(state)
        ? [{ id: 1n, name: "z".repeat(70_000), data: new Uint8Array(0) }, []]
        : { ...(state as object), filler: "z".repeat(70_000) };
      expect(codeOf(() => serializer.save(memory, large))).toBe("STABLE_GROW_FAILED");
      expect(Buffer.compare(readImage(memory), before)).toBe(0);
      expect(serializer.restore(memory)).toEqual(state);
    });

    it("gives a coded error for bytes of another format, and changes nothing", () => {
      const memory = VectorMemory.from(new Uint8Array(100).fill(0xc1));
      const before = readImage(memory);
      expect(["STABLE_DECODE_FAILED", "STABLE_CORRUPTED"]).toContain(
        codeOf(() => serializer.restore(memory)),
      );
      expect(Buffer.compare(readImage(memory), before)).toBe(0);
    });

    it("gives a coded error when the memory ends within the payload", () => {
      const large = Array.isArray(state)
        ? [{ id: 1n, name: "z".repeat(70_000), data: new Uint8Array(0) }, []]
        : { ...(state as object), filler: "z".repeat(70_000) };
      const memory = new VectorMemory();
      serializer.save(memory, large);
      const cut = VectorMemory.from(readImage(memory).subarray(0, PAGE_SIZE));
      expect(["STABLE_DECODE_FAILED", "STABLE_CORRUPTED"]).toContain(
        codeOf(() => serializer.restore(cut)),
      );
    });
  });
});

describe("the length-prefixed layout", () => {
  it("is a u32 little-endian length, then the payload", () => {
    const memory = new VectorMemory();
    new UpgradeSerializer(cbor<unknown[]>(), { layout: "length-prefixed" }).save(memory, [1, 2]);
    expect([...readImage(memory).subarray(0, 8)]).toEqual([3, 0, 0, 0, 0x82, 1, 2, 0]);
  });

  it("refuses a length that the memory does not have", () => {
    const memory = VectorMemory.from(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x80));
    const serializer = new UpgradeSerializer(cbor(), { layout: "length-prefixed" });
    expect(() => serializer.restore(memory)).toThrow(
      expect.objectContaining({ code: "STABLE_CORRUPTED", address: 0 }),
    );
  });

  it("refuses a payload longer than a u32 can say, before anything is written", () => {
    const payload = { length: 2 ** 32 } as Uint8Array; // a real one needs 4 GiB
    const format: PayloadFormat<null> = { name: "cbor", encode: () => payload, decode: () => null };
    const memory = new VectorMemory();
    const save = () =>
      new UpgradeSerializer(format, { layout: "length-prefixed" }).save(memory, null);
    expect(codeOf(save)).toBe("STABLE_VALUE_TOO_LARGE");
    expect(memory.size()).toBe(0);
  });

  it("is not taken for a manager when its length spells MGR", () => {
    const length = 5_392_205; // 0x52474d
    const memory = new VectorMemory();
    const serializer = new UpgradeSerializer(cbor<Uint8Array>(), { layout: "length-prefixed" });
    const filler = new Uint8Array(length - 5);
    serializer.save(memory, filler);
    expect(Buffer.from(readImage(memory).subarray(0, 3)).toString()).toBe("MGR");
    serializer.save(memory, filler); // does not take its own payload for a structure
    expect(serializer.restore(memory).length).toBe(filler.length);
  });
});

describe("UpgradeSerializer", () => {
  it("demands a layout", () => {
    expect(() => new UpgradeSerializer(cbor(), {} as never)).toThrow(TypeError);
  });

  it("refuses a payload of more than 4 GiB with a code", () => {
    const memory = new SparseMemory();
    memory.grow(70_000);
    memory.write(0, Uint8Array.of(0x5b, 0, 0, 0, 1, 0, 0, 0, 0)); // a byte string of 4 GiB
    const serializer = new UpgradeSerializer(cbor(), { layout: "raw" });
    expect(codeOf(() => serializer.restore(memory))).toBe("STABLE_VALUE_TOO_LARGE");
    expect(codeOf(() => stableRestore(memory, []))).toBe("STABLE_DECODE_FAILED");
  });

  it("refuses to save what it could not restore", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 300; i++) deep = [deep];
    const memory = new VectorMemory();
    const serializer = new UpgradeSerializer(cbor<unknown>(), { layout: "raw" });
    expect(() => serializer.save(memory, deep)).toThrow(/nested too deeply/);
    expect(memory.size()).toBe(0);
  });

  it("gives the memory back after an error", () => {
    const serializer = new UpgradeSerializer(cbor(), { layout: "raw" });
    const memory = new VectorMemory();
    expect(codeOf(() => serializer.restore(memory))).toBe("STABLE_FOREIGN_BYTES");
    serializer.save(memory, [1]);
    expect(serializer.restore(memory)).toEqual([1]);
  });
});

describe("cbor", () => {
  const decode = (hex: string) => cbor<unknown>().decode(new Uint8Array(Buffer.from(hex, "hex")));

  it("reads what serde writes: keys of any type, bignums, half floats, unknown lengths", () => {
    expect(decode("a20102fb3ff800000000000003")).toEqual(
      new Map([
        [1, 2],
        [1.5, 3],
      ]),
    );
    expect(decode("a1820102f5")).toEqual(new Map([[[1, 2], true]]));
    expect(decode("c249010000000000000000")).toBe(2n ** 64n);
    expect(decode("c349010000000000000000")).toBe(-(2n ** 64n) - 1n);
    expect(decode("82f93c00f97e00")).toEqual([1, Number.NaN]);
    expect(decode("1bffffffffffffffff")).toBe(2n ** 64n - 1n);
    expect(decode("bf61619f0203ffff")).toEqual({ a: [2, 3] });
  });

  it("writes floats without a fraction as floats when told to", () => {
    const bytes = cbor<unknown>().encode({ whole: new Float(1), list: [new Float(-2), 3] });
    expect(Buffer.from(bytes).toString("hex")).toBe("a26577686f6c65f93c00646c69737482f9c00003");
    expect(cbor<unknown>().decode(bytes)).toEqual({ whole: 1, list: [-2, 3] });
  });

  it("keeps -0, the order of keys and integers beyond 64 bits", () => {
    const { encode } = cbor<unknown>();
    expect(Object.is(cbor<unknown[]>().decode(encode([-0]))[0], -0)).toBe(true);
    expect(Object.keys(cbor<object>().decode(encode({ z: 1, a: 2, m: 3 })))).toEqual([
      "z",
      "a",
      "m",
    ]);
    expect(cbor().decode(encode(-(2n ** 100n)))).toBe(-(2n ** 100n));
  });
});

describe("messagePack", () => {
  it("reads what serde writes: keys of any type, 64-bit integers, binary", () => {
    const decode = (hex: string) =>
      messagePack<unknown>().decode(new Uint8Array(Buffer.from(hex, "hex")));
    expect(decode("82010205c3")).toEqual(
      new Map<unknown, unknown>([
        [1, 2],
        [5, true],
      ]),
    );
    expect(decode("cfffffffffffffffff")).toBe(2n ** 64n - 1n);
    expect(decode("cf0000000100000000")).toBe(2 ** 32);
    expect(decode("d3ffffffffffffffff")).toBe(-1);
    expect(decode("c4020102")).toEqual(new Uint8Array([1, 2]));
    expect(decode("82a161c0a162cb3ff8000000000000")).toEqual({ a: null, b: 1.5 });
  });
});

describe("stableSave and stableRestore", () => {
  it("write Candid at offset 0 and accept what follows it, and arguments beyond those asked for", () => {
    const memory: Memory = new VectorMemory();
    stableSave(memory, [IDL.Text, IDL.Nat], ["a long enough text", 5n]);
    stableSave(memory, [IDL.Text, IDL.Nat], ["short", 6n]); // the end of the first stays behind
    expect(Buffer.from(readImage(memory).subarray(0, 4)).toString()).toBe("DIDL");
    expect(stableRestore(memory, [IDL.Text, IDL.Nat])).toEqual(["short", 6n]);
    expect(stableRestore(memory, [IDL.Text])).toEqual(["short"]);
    expect(stableRestore(memory, [])).toEqual([]);
    expect(codeOf(() => stableRestore(memory, [IDL.Nat]))).toBe("STABLE_DECODE_FAILED");
    expect(codeOf(() => stableRestore(memory, [IDL.Text, IDL.Nat, IDL.Bool]))).toBe(
      "STABLE_DECODE_FAILED",
    );
    expect(memory.size() * PAGE_SIZE).toBe(PAGE_SIZE);
  });
});

describe("raw restore", () => {
  it("refuses what is surely of another format, instead of reading something into it", () => {
    const raw = (format: PayloadFormat<unknown>) =>
      new UpgradeSerializer(format, { layout: "raw" });
    const prefixed = new VectorMemory();
    new UpgradeSerializer(cbor(), { layout: "length-prefixed" }).save(prefixed, STATE);
    const didl = new VectorMemory();
    stableSave(didl, [IDL.Text], ["x"]);
    const zeroes = VectorMemory.from(new Uint8Array(10));
    const text = new VectorMemory();
    raw(jsonFormat()).save(text, JSON_STATE);
    expect(codeOf(() => raw(cbor()).restore(text))).toBe("STABLE_DECODE_FAILED");
    expect(codeOf(() => raw(messagePack()).restore(text))).toBe("STABLE_DECODE_FAILED");
    for (const memory of [prefixed, didl, zeroes]) {
      for (const format of [cbor<unknown>(), messagePack<unknown>(), jsonFormat<unknown>()]) {
        expect(codeOf(() => raw(format).restore(memory))).toBe("STABLE_DECODE_FAILED");
      }
    }
  });
});

describe("a lone value", () => {
  const values: [string, unknown][] = [
    ["a number", 5],
    ["a text", "hi"],
    ["null", null],
    ["a boolean", true],
    ["an empty list", []],
    ["an empty object", {}],
    ["a bigint", 2n ** 60n],
  ];
  it.each(values)("such as %s is restored, over a longer payload too", (_, state) => {
    for (const format of [cbor<unknown>(), messagePack<unknown>()]) {
      const serializer = new UpgradeSerializer(format, { layout: "raw" });
      const memory = new VectorMemory();
      serializer.save(memory, ["a longer payload".repeat(10)]);
      serializer.save(memory, state);
      expect(serializer.restore(memory)).toEqual(state);
    }
  });
});

describe("save", () => {
  it("refuses bytes that would be taken for a structure after the upgrade", () => {
    const format: PayloadFormat<Uint8Array> = {
      name: "cbor",
      encode: (bytes) => bytes,
      decode: (bytes) => bytes,
    };
    const serializer = new UpgradeSerializer(format, { layout: "raw" });
    const memory = new VectorMemory();
    expect(() => serializer.save(memory, new TextEncoder().encode("BTR\x02 and more"))).toThrow(
      /taken for a structure/,
    );
    expect(memory.size()).toBe(0);
  });

  it("writes integers beyond 32 bits as integers wherever they are", () => {
    class Account {
      balance = 2 ** 40;
    }
    const bytes = messagePack<unknown>().encode({
      account: new Account(),
      set: new Set([2 ** 40]),
    });
    expect(Buffer.from(bytes).toString("hex")).not.toContain("cb");
    expect(messagePack<unknown>().decode(messagePack<unknown>().encode(new Account()))).toEqual({
      balance: 2 ** 40,
    });
  });
});

describe("hostile Candid", () => {
  const hostile: [string, string, IDL.Type[]][] = [
    [
      "a vec of four billion nulls, as an argument too many",
      "4449444c016d7f027e0001ffffffff0f",
      [IDL.Bool],
    ],
    ["a vec of four billion nulls, asked for", "4449444c016d7f0100ffffffff0f", [IDL.Vec(IDL.Null)]],
    ["a vec of four billion empty records", "4449444c026d016c000100ffffffff0f", [IDL.Reserved]],
    [
      "an opt of itself, 5,000 deep",
      `4449444c016e000100${"01".repeat(5000)}00`,
      [IDL.Opt(IDL.Nat)],
    ],
    ["a record of itself", "4449444c016c0100000100", [IDL.Reserved]],
    ["a type that is not in the table", "4449444c000105", [IDL.Reserved]],
  ];
  it.each(hostile)("such as %s is refused with a code, at once", (_, hex, types) => {
    const payload = new Uint8Array(Buffer.from(hex, "hex"));
    const raw = new UpgradeSerializer(candid(types), { layout: "raw" });
    expect(codeOf(() => raw.restore(VectorMemory.from(payload)))).toBe("STABLE_DECODE_FAILED");
    const bytes = new Uint8Array(4 + payload.length);
    new DataView(bytes.buffer).setUint32(0, payload.length, true);
    bytes.set(payload, 4);
    const prefixed = new UpgradeSerializer(candid(types), { layout: "length-prefixed" });
    expect(codeOf(() => prefixed.restore(VectorMemory.from(bytes)))).toBe("STABLE_DECODE_FAILED");
  });

  it("does not make a recursive type refused that is nested as programs nest", () => {
    const List = IDL.Rec();
    List.fill(IDL.Opt(IDL.Record({ head: IDL.Int, tail: List })));
    let list: unknown = [];
    for (let i = 0; i < 100; i++) list = [{ head: BigInt(i), tail: list }];
    const memory = new VectorMemory();
    stableSave(memory, [List], [list]);
    expect(stableRestore(memory, [List])).toEqual([list]);
  });
});
