import { StaleHandleError } from "../errors.js";

/** A structure that holds its memory until {@link HeldStructure.close}. */
export abstract class HeldStructure {
  readonly #name: string;
  readonly #release: () => void;
  #closed = false;

  /** `name` is that of the class; `release` gives the claim on the memory back. */
  protected constructor(name: string, release: () => void) {
    this.#name = name;
    this.#release = release;
  }

  /** Gives the memory back; everything else refuses from now on (`STABLE_STALE_HANDLE`). */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#release();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @throws StaleHandleError (`STABLE_STALE_HANDLE`) after {@link close}. */
  protected checkOpen(): void {
    if (this.#closed) throw new StaleHandleError(`this ${this.#name}`);
  }
}
