import { describe, expect, it } from "vitest";
import { countReport, total } from "./tally.mjs";

const vitestReport = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  testResults: [{ status: "passed", assertionResults: [{ status: "passed" }] }],
};

describe("countReport", () => {
  it("reads what vitest writes", () => {
    expect(countReport(vitestReport)).toEqual({ passed: 3, failed: 0 });
    expect(countReport({ ...vitestReport, success: false, numFailedTests: 2 })).toEqual({
      passed: 3,
      failed: 2,
    });
  });

  it("counts a file that could not be loaded", () => {
    const broken = { status: "failed", assertionResults: [] };
    const report = { ...vitestReport, success: false, testResults: [broken, broken] };
    expect(countReport(report)).toEqual({ passed: 3, failed: 2 });
  });

  it("counts a failure that no test has", () => {
    expect(countReport({ ...vitestReport, success: false })).toEqual({ passed: 3, failed: 1 });
  });

  it("reads plain numbers", () => {
    expect(countReport({ passed: 7, failed: 1, seed: 4 })).toEqual({ passed: 7, failed: 1 });
  });

  it("refuses anything else", () => {
    expect(() => countReport({ passed: "7" })).toThrow("neither a report");
  });
});

describe("total", () => {
  it("adds up, and a failed step is a failure at least", () => {
    const counts = [
      { passed: 3, failed: 0 },
      { passed: 4, failed: 2 },
    ];
    expect(total(counts, 0)).toEqual({ passed: 7, failed: 2 });
    expect(total(counts, 3)).toEqual({ passed: 7, failed: 3 });
    expect(total([], 1)).toEqual({ passed: 0, failed: 1 });
  });
});
