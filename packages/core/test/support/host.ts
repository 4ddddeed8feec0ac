import { PAGE_SIZE } from "../../layout/index.js";

/** A stable memory behind the calls of the system interface, as a canister has it. */
export class HostImage {
  bytes = new Uint8Array(0);

  /** What the build `host` of the engine imports. The memory is the engine's linear one. */
  imports(memory: () => WebAssembly.Memory): WebAssembly.Imports {
    const linear = (address: bigint, size: bigint) =>
      new Uint8Array(memory().buffer, Number(address), Number(size));
    return {
      ic0: {
        stable64_size: () => BigInt(this.bytes.length / PAGE_SIZE),
        stable64_grow: (pages: bigint) => this.#grow(Number(pages)),
        stable64_read: (target: bigint, offset: bigint, size: bigint) =>
          linear(target, size).set(this.#range(offset, size)),
        stable64_write: (offset: bigint, source: bigint, size: bigint) =>
          this.#range(offset, size).set(linear(source, size)),
      },
    };
  }

  #grow(pages: number): bigint {
    const previous = this.bytes.length / PAGE_SIZE;
    const grown = new Uint8Array(this.bytes.length + pages * PAGE_SIZE);
    grown.set(this.bytes);
    this.bytes = grown;
    return BigInt(previous);
  }

  /** Out of bounds is a trap, as in a canister. */
  #range(offset: bigint, size: bigint): Uint8Array {
    const end = Number(offset + size);
    if (end > this.bytes.length) throw new RangeError(`${end} is beyond the stable memory`);
    return this.bytes.subarray(Number(offset), end);
  }
}
