import { DisagreementError } from "@stable-structures/benchmarks-compare/engines";
import { describe, expect, it } from "vitest";
import { formatTimes, formatTiming } from "../../src/benchmark/figures.js";
import { describeMachine } from "../../src/benchmark/machine.js";
import { BrowserError, checkBrowser, problemOf, WorkerError } from "../../src/benchmark/problem.js";

describe("figures in words", () => {
  it("say how many times, also when it is less than once", () => {
    expect([38.4, 3.26, 1, 0.951].map(formatTimes)).toEqual([
      "38 times as fast",
      "3.3 times as fast",
      "1.0 times as fast",
      "0.95 times as fast",
    ]);
  });

  it("show the median with the least and the most", () => {
    const timing = { nsPerOp: 1234.4, min: 987.6, max: 2000, runs: 5 };
    expect(formatTiming(timing)).toBe("1,234 (988–2,000)");
  });
});

const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
const AGENTS = [
  [CHROME, "Chrome 141 on Linux"],
  [
    `${CHROME.replace("X11; Linux x86_64", "Windows NT 10.0; Win64; x64")} Edg/141.0.0.0`,
    "Edge 141 on Windows",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Firefox 143 on macOS",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Safari 18.6 on iOS",
  ],
  ["something", "an unknown browser"],
] as const;

describe("the machine in words", () => {
  it.each(AGENTS)("%s", (userAgent, expected) => {
    expect(describeMachine({ userAgent, hardwareConcurrency: 8 })).toBe(`${expected}, 8 cores`);
  });

  it("counts one core, and admits not to know", () => {
    expect(describeMachine({ userAgent: CHROME, hardwareConcurrency: 1 })).toMatch(/, 1 core$/);
    expect(describeMachine({ userAgent: CHROME })).toMatch(/, an unknown number of cores$/);
  });
});

describe("problems", () => {
  const browser = { WebAssembly: {}, Worker: {}, crypto: { subtle: {} } };

  it("come with the next step when the browser lacks something", () => {
    expect(() => checkBrowser(browser)).not.toThrow();
    const lacking = [
      [{ ...browser, WebAssembly: undefined }, /no WebAssembly.*another browser\.$/],
      [{ ...browser, Worker: undefined }, /no workers.*another browser\.$/],
      [{ ...browser, crypto: {} }, /cannot be hashed.*https or from localhost\.$/],
    ] as const;
    for (const [without, text] of lacking) {
      expect(() => checkBrowser(without)).toThrow(BrowserError);
      expect(() => checkBrowser(without)).toThrow(text);
    }
    expect(problemOf(new BrowserError("There is none."))).toBe("There is none.");
  });

  it.each([
    "js: Array buffer allocation failed",
    "wasm: WebAssembly.Memory(): could not allocate memory",
    "js: Invalid array buffer length",
    "js: out of memory",
  ])("ask for fewer entries where memory ends: %s", (message) => {
    expect(problemOf(new Error(message))).toBe(
      `The memory of this browser does not suffice: ${message}. Choose fewer entries, or close other tabs, and run it again.`,
    );
  });

  it("tell a worker that fails from engines that disagree, and from anything else", () => {
    expect(problemOf(new WorkerError(""))).toMatch(
      /^A worker could not be started.* Reload the page/,
    );
    expect(problemOf(new DisagreementError("get: a"))).toMatch(
      /^The engines disagree.*get: a\. Please report/,
    );
    expect(problemOf(new Error("x."))).toBe(
      "The benchmark ended with an error: x. Reload the page and run it again.",
    );
  });
});
