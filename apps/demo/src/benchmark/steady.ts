import type { Phase, Session } from "@stable-structures/benchmarks-compare/engines";

/** Phases that leave the map as it was. */
const READS: readonly Phase[] = ["get", "get-absent", "get-many", "iterate", "range"];

/**
 * A session that repeats a phase which only reads until `least` milliseconds have passed, and gives the
 * time of one pass: a browser's clock is too coarse for a single one.
 */
export function steady(session: Session, least: number): Session {
  return {
    reset: () => session.reset(),
    image: async () => session.image?.() ?? "unsupported",
    async run(phase) {
      const start = performance.now();
      const work = await session.run(phase);
      if (work === undefined || !READS.includes(phase)) return work;
      let passes = 1;
      while (performance.now() - start < least) {
        const { checksum } = (await session.run(phase)) ?? {};
        if (checksum !== work.checksum) throw new Error(`${phase} found something else again`);
        passes++;
      }
      return { ...work, nanoseconds: ((performance.now() - start) * 1e6) / passes };
    },
  };
}
