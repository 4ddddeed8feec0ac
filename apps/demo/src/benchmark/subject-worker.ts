import { Subject } from "@stable-structures/benchmarks-compare/engines";
import { WorkerError } from "./problem.js";
import EngineWorker from "./worker.js?worker";

/** A subject in a worker of its own. */
export class SubjectWorker extends Subject {
  readonly #worker: Worker;
  /** Rejected when the worker fails, or is not wanted any more. */
  readonly #end: Promise<never>;

  constructor(name: "wasm" | "js", signal: AbortSignal) {
    super(name);
    this.#worker = startWorker(name);
    this.#end = new Promise((_, reject) => {
      this.#worker.addEventListener("error", (event) => reject(new WorkerError(event.message)));
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    // It may fail before anything is asked of it; whoever asks next is told.
    this.#end.catch(() => {});
  }

  async close(): Promise<void> {
    this.#worker.terminate();
  }

  protected answerTo(line: string): Promise<string> {
    const answer = new Promise<string>((resolve) => {
      const take = ({ data }: MessageEvent<string>) => resolve(data);
      this.#worker.addEventListener("message", take, { once: true });
    });
    this.#worker.postMessage(line);
    return Promise.race([answer, this.#end]);
  }
}

function startWorker(name: string): Worker {
  try {
    return new EngineWorker({ name });
  } catch (cause) {
    throw new WorkerError((cause as Error).message, { cause });
  }
}
