/** The least milliseconds by which the clock moves on; browsers make it coarse on purpose. */
export function clockTick(): number {
  const ticks = Array.from({ length: 5 }, () => {
    const start = performance.now();
    let now = start;
    while (now === start) now = performance.now();
    return now - start;
  });
  return Math.min(...ticks);
}
