import { openOurs, Responder, Subject } from "@stable-structures/benchmarks-compare/engines";
import { steady } from "../../src/benchmark/steady.js";

/** An engine in this thread, asked in the words in which a worker is. */
export class LocalSubject extends Subject {
  readonly #responder: Responder;

  constructor(name: "wasm" | "js") {
    super(name);
    const flavour = { engine: name, integers: "bigint", counting: false } as const;
    this.#responder = new Responder((work) => steady(openOurs(work, flavour), 0));
  }

  close(): Promise<void> {
    return this.#responder.close();
  }

  protected override answerTo(line: string): Promise<string> {
    return this.#responder.answer(line);
  }
}
