import { expect, test } from "vitest";
import { ContentionGauge, contentionOf, describeContention } from "../src/contention.js";

test("a gauge gives the fastest and the median of its samples", () => {
  const gauge = new ContentionGauge();
  expect(gauge.contention()).toBeUndefined();
  for (let i = 0; i < 3; i++) gauge.sample();
  const { fastest, median, samples } = gauge.contention() ?? { fastest: 0, median: 0, samples: 0 };
  expect(samples).toBe(3);
  expect(fastest).toBeGreaterThan(0);
  expect(median).toBeGreaterThanOrEqual(fastest);
  expect(contentionOf([3, 1, 2])).toEqual({ fastest: 1, median: 2, samples: 3 });
});

test("cores count as shared when the loop is usually slower than it can be", () => {
  const samples = 3;
  expect(describeContention({ fastest: 1, median: 1.05, samples })).toMatch(
    /^Nothing else used the cores, .* took 1\.05 times as long/,
  );
  expect(describeContention({ fastest: 2, median: 3, samples })).toMatch(
    /^The cores were shared .* took 1\.50 times as long/,
  );
});
