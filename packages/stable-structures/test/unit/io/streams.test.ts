import { describe, expect, it } from "vitest";
import {
  BufferedReader,
  BufferedStableReader,
  BufferedStableWriter,
  BufferedWriter,
  PAGE_SIZE,
  Reader,
  readExact,
  readImage,
  StableIO,
  StableReader,
  StableWriter,
  toReadableStream,
  toWritableStream,
  VectorMemory,
  Writer,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";

// Every answer and byte is compared with the crate and ic-cdk by `npm run conformance`; here stands
// what a reader of the documentation may rely on.

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

describe("Writer", () => {
  it("grows by the fewest pages, from the first write on", () => {
    const memory = new VectorMemory();
    const writer = new Writer(memory);
    expect(memory.size()).toBe(0);
    writer.write(bytes(PAGE_SIZE, 1));
    expect(memory.size()).toBe(1);
    writer.write(bytes(1, 2));
    expect(memory.size()).toBe(2);
    expect(writer.offset).toBe(PAGE_SIZE + 1);
  });

  it("writes nothing and stays where it is when the memory is full", () => {
    const memory = new VectorMemory({ maximumPages: 1 });
    const writer = new Writer(memory, 10);
    writer.write(bytes(5, 1));
    expect(codeOf(() => writer.write(bytes(PAGE_SIZE, 2)))).toBe("STABLE_GROW_FAILED");
    expect(writer.offset).toBe(15);
    expect(readImage(memory).indexOf(2)).toBe(-1);
  });
});

describe("Reader", () => {
  it("reads short at the end of the last page, then nothing", () => {
    const memory = VectorMemory.from(bytes(PAGE_SIZE, 7));
    const reader = new Reader(memory, PAGE_SIZE - 3);
    const target = new Uint8Array(5);
    expect(reader.read(target)).toBe(3);
    expect([...target]).toEqual([7, 7, 7, 0, 0]);
    expect(reader.read(target)).toBe(0);
    expect(codeOf(() => readExact(reader, target))).toBe("STABLE_OUT_OF_BOUNDS");
    expect(new Reader(memory, 5 * PAGE_SIZE).read(target)).toBe(0);
  });

  it("sees what was written since", () => {
    const memory = new VectorMemory();
    const reader = new Reader(memory);
    new Writer(memory).write(bytes(2, 9));
    const target = new Uint8Array(3);
    expect(reader.read(target)).toBe(3);
    expect([...target]).toEqual([9, 9, 0]);
  });
});

describe("BufferedWriter", () => {
  it("holds back what fits its buffer until flush", () => {
    const memory = new VectorMemory();
    const writer = new BufferedWriter(new Writer(memory), 10);
    writer.write(bytes(4, 1));
    writer.write(bytes(6, 2)); // fills it exactly
    expect([memory.size(), writer.buffered]).toEqual([0, 10]);
    writer.write(bytes(1, 3)); // no room: what waits goes first
    expect([memory.size(), writer.buffered]).toEqual([1, 1]);
    writer.flush();
    expect([...readImage(memory).subarray(0, 12)]).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 0]);
  });

  it("passes on at once what is as large as its buffer, in order", () => {
    const memory = new VectorMemory();
    const writer = new BufferedWriter(new Writer(memory), 4);
    writer.write(bytes(1, 1));
    writer.write(bytes(4, 2));
    expect([...readImage(memory).subarray(0, 6)]).toEqual([1, 2, 2, 2, 2, 0]);
    expect(writer.buffered).toBe(0);
  });

  it("keeps what it could not write, and flush says so; disposing does not", () => {
    const memory = new VectorMemory({ maximumPages: 0 });
    const writer = new BufferedWriter(new Writer(memory), 10);
    writer.write(bytes(3, 1));
    expect(codeOf(() => writer.flush())).toBe("STABLE_GROW_FAILED");
    expect(writer.buffered).toBe(3);
    expect(codeOf(() => writer.write(bytes(9, 1)))).toBe("STABLE_GROW_FAILED");
    writer[Symbol.dispose]();
    expect(memory.size()).toBe(0);
  });

  it("flushes at the end of a using block", () => {
    const memory = new VectorMemory();
    {
      using writer = new BufferedWriter(new Writer(memory));
      writer.write(bytes(3, 5));
    }
    expect(readImage(memory)[2]).toBe(5);
  });
});

describe("BufferedReader", () => {
  it("reads ahead, and does not see what changes behind its back", () => {
    const memory = VectorMemory.from(bytes(20, 1));
    const reader = new BufferedReader(new Reader(memory), 8);
    const target = new Uint8Array(4);
    reader.read(target);
    memory.write(0, bytes(20, 2));
    reader.read(target);
    expect([...target]).toEqual([1, 1, 1, 1]);
    reader.read(target);
    expect([...target]).toEqual([2, 2, 2, 2]);
  });

  it("gives nothing twice after a read that failed", () => {
    const chunks = [Uint8Array.of(1, 2), undefined, Uint8Array.of(3, 4)];
    const failing = {
      read(target: Uint8Array): number {
        const chunk = chunks.shift();
        if (chunk === undefined) throw new Error("the disk said no");
        target.set(chunk);
        return chunk.length;
      },
    };
    const reader = new BufferedReader(failing, 8);
    const target = new Uint8Array(2);
    reader.read(target);
    expect(() => reader.read(target)).toThrow(/the disk said no/);
    reader.read(target);
    expect([...target]).toEqual([3, 4]);
  });

  it("gives less than asked for when its buffer holds less", () => {
    const reader = new BufferedReader(new Reader(VectorMemory.from(bytes(20, 1))), 8);
    expect(reader.read(new Uint8Array(5))).toBe(5);
    expect(reader.read(new Uint8Array(5))).toBe(3);
    const rest = new Uint8Array(5);
    readExact(reader, rest);
    expect([...rest]).toEqual([1, 1, 1, 1, 1]);
  });
});

describe("the streams of ic-cdk", () => {
  it("ask for the size once: later pages are not read, and are grown over", () => {
    const memory = new VectorMemory();
    memory.grow(1);
    const reader = new StableReader(memory);
    const writer = new StableWriter(memory);
    memory.grow(1);
    expect(reader.seek(PAGE_SIZE)).toBe(PAGE_SIZE);
    expect(reader.read(new Uint8Array(1))).toBe(0);
    writer.seek(PAGE_SIZE);
    writer.write(bytes(1, 1)); // one page would have been there
    expect(memory.size()).toBe(3);
  });

  it("seek from the start, the end and the current position, also past the end", () => {
    const io = new StableIO(VectorMemory.from(bytes(PAGE_SIZE, 3)));
    expect(io.seek(-2, "end")).toBe(PAGE_SIZE - 2);
    expect(io.read(new Uint8Array(5))).toBe(2);
    expect(io.seek(-10, "current")).toBe(PAGE_SIZE - 10);
    expect(io.seek(100, "end")).toBe(PAGE_SIZE + 100);
    expect(io.read(new Uint8Array(1))).toBe(0);
    expect(io.write(bytes(1, 4))).toBe(1);
    expect(() => io.seek(-1)).toThrow(RangeError);
    expect(io.offset).toBe(PAGE_SIZE + 101);
  });

  it("buffered: write what waits before they move", () => {
    const memory = new VectorMemory();
    const writer = new BufferedStableWriter(memory, 100);
    writer.write(bytes(3, 1));
    expect(writer.offset).toBe(0);
    expect(writer.seek(10)).toBe(10);
    writer.write(bytes(2, 2));
    writer.flush();
    expect([...readImage(memory).subarray(0, 13)]).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0]);
  });

  it("buffered: forget what they read ahead when they move, and count from what was read", () => {
    const memory = VectorMemory.from(Uint8Array.from({ length: 100 }, (_, i) => i));
    const reader = new BufferedStableReader(memory, 10);
    const target = new Uint8Array(2);
    reader.read(target);
    expect(reader.seek(5, "current")).toBe(7);
    reader.read(target);
    expect([...target]).toEqual([7, 8]);
    reader.seek(50);
    reader.read(target);
    expect([...target]).toEqual([50, 51]);
  });
});

describe("web streams", () => {
  it("carry a memory through other web streams and back", async () => {
    const source = Uint8Array.from({ length: 3 * PAGE_SIZE }, (_, i) => (i * i) & 0xff);
    const target = new VectorMemory();
    await toReadableStream(new Reader(VectorMemory.from(source)), 1000)
      .pipeThrough(new CompressionStream("gzip"))
      .pipeThrough(new DecompressionStream("gzip"))
      .pipeTo(toWritableStream(new BufferedWriter(new Writer(target))));
    expect(Buffer.compare(readImage(target), source)).toBe(0);
  });

  it("read nothing before they are asked", async () => {
    const memory = VectorMemory.from(bytes(10, 1));
    const stream = toReadableStream(new Reader(memory), 4);
    memory.write(0, bytes(10, 2));
    const { value } = await stream.getReader().read();
    expect([...(value as Uint8Array)]).toEqual([2, 2, 2, 2]);
  });

  it("fail when the memory is full", async () => {
    const full = new VectorMemory({ maximumPages: 1 });
    const piped = toReadableStream(new Reader(VectorMemory.from(bytes(2 * PAGE_SIZE, 1)))).pipeTo(
      toWritableStream(new Writer(full)),
    );
    await expect(piped).rejects.toMatchObject({ code: "STABLE_GROW_FAILED" });
  });
});
