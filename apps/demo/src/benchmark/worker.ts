// One engine of the benchmark, in a worker of its own: nobody else's garbage, and no code that was made
// slow by the types of others. Each message is a line of the protocol of benchmarks/compare.
import { openOurs, Responder } from "@stable-structures/benchmarks-compare/engines";
import { clockTick } from "./clock.js";
import { steady } from "./steady.js";

/** A time is wrong by at most 2 % then. */
const LEAST_TICKS = 50;

const engine = self.name === "wasm" ? "wasm" : "js";
const least = clockTick() * LEAST_TICKS;
const responder = new Responder((work) =>
  steady(openOurs(work, { engine, integers: "bigint", counting: false }), least),
);

addEventListener("message", async ({ data }: MessageEvent<string>) => {
  postMessage(await responder.answer(data));
});
