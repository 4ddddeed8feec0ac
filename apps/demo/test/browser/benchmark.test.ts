import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { complaintsOf, type Site, startSite } from "./browser.js";

// The engine in JavaScript takes its time on a busy machine.
const TIMEOUT = 240_000;
const PHASES = [
  "insert",
  "get",
  "get-absent",
  "iterate",
  "range",
  "get-many",
  "remove",
  "insert-many",
];

let site: Site;

beforeAll(async () => {
  site = await startSite();
});

afterAll(() => site?.stop());

async function openBenchmark(): Promise<Page> {
  const page = await site.browser.newPage();
  await page.goto(`${site.address}#benchmark`);
  await page.locator("#benchmark-title").waitFor();
  return page;
}

const press = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true }).press("Enter");
const status = (page: Page) => page.locator("#benchmark-status").textContent();
const alertOf = async (page: Page) => {
  const alert = page.locator("#benchmark-problem");
  await alert.waitFor();
  return alert.textContent();
};

describe("a run", () => {
  let page: Page;
  let complaints: string[];
  const requests: string[] = [];
  let before: string[];

  beforeAll(async () => {
    page = await openBenchmark();
    complaints = complaintsOf(page);
    page.on("request", (request) => requests.push(request.url()));
    await page
      .getByRole("combobox", { name: "Keys and values" })
      .selectOption("principal → 128 bytes");
    await page.getByRole("combobox", { name: "Entries" }).selectOption("2,000");
    await press(page, "Run");
    await page.locator("#benchmark-progress[value]").waitFor();
    before = [...requests];
    await page.locator("#benchmark-result").waitFor({ timeout: TIMEOUT });
  }, TIMEOUT);

  afterAll(async () => {
    expect(complaints).toEqual([]);
    await page?.close();
  });

  it("shows two bars for each phase, as long as the nanoseconds beside them", async () => {
    const figures = await page.locator("#benchmark-result figure").evaluateAll((all) =>
      all.map((figure) => ({
        phase: (figure as HTMLElement).dataset.phase,
        widths: [...figure.querySelectorAll("rect")].map(
          (bar) => bar.getBoundingClientRect().width,
        ),
        texts: [...figure.querySelectorAll("text")].map((text) => text.textContent ?? ""),
        colors: [...figure.querySelectorAll("rect")].map((bar) => getComputedStyle(bar).fill),
      })),
    );
    expect(figures.map(({ phase }) => phase)).toEqual(PHASES);
    for (const { widths, texts, colors } of figures) {
      expect(texts.slice(0, 2)).toEqual(["WebAssembly", "JavaScript"]);
      const [wasm = 0, js = 0] = texts.slice(2).map((text) => Number(text.replace(/[ ,ns]/g, "")));
      expect(wasm).toBeGreaterThan(0);
      const [wasmWidth = 0, jsWidth = 0] = widths;
      expect(wasmWidth / jsWidth / (wasm / js)).toBeCloseTo(1, 1);
      expect(new Set(colors).size).toBe(2);
    }
  });

  it("says the same in a table", async () => {
    const rows = await page
      .locator("#benchmark-result tbody tr")
      .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    expect(rows.map(([phase]) => phase)).toEqual(PHASES);
    for (const [, wasm, js, comparison] of rows) {
      expect(wasm).toMatch(/^[\d,.]+ \([\d,.]+–[\d,.]+\)$/);
      expect(js).toMatch(/^[\d,.]+ \([\d,.]+–[\d,.]+\)$/);
      expect(comparison).toMatch(/^[\d.]+ times as fast$/);
    }
  });

  it("shows that both engines left the same image", async () => {
    const hashes = await page.locator(".proof code").allTextContents();
    expect(hashes).toHaveLength(2);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[1]).toBe(hashes[0]);
  });

  it("says where and when it was measured", async () => {
    expect(await page.locator("#benchmark-about").textContent()).toMatch(
      /^Measured just now in Chrome \d+ on Linux, \d+ cores?\. .* steps of [\d.]+ ms\.$/,
    );
    expect(await status(page)).toMatch(/^Measured in \d+ seconds?\.$/);
    expect(await page.locator("#benchmark-running").isVisible()).toBe(false);
  });

  it("ends its workers", () => {
    expect(page.workers()).toEqual([]);
  });

  it("loads the charts when there is something to draw, and nothing of what others are measured with", async () => {
    const isChart = (url: string) => /\/results-[^/]*\.js$/.test(url);
    expect(before.filter(isChart)).toEqual([]);
    expect(requests.filter(isChart)).toHaveLength(1);
    const worker = requests.find((url) => /\/worker-[^/]*\.js$/.test(url)) ?? "";
    const source = await (await fetch(worker)).text();
    expect(source).toContain("insert-many");
    expect(source).not.toMatch(
      /better-sqlite3|classic-level|lmdb|sorted-btree|createRequire|from"node:/,
    );
  });

  it("fits a narrow screen", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});

it("answers while it measures, and stops at once", async () => {
  const page = await openBenchmark();
  const complaints = complaintsOf(page);
  await page.getByRole("combobox", { name: "Entries" }).selectOption("100,000");
  await press(page, "Run");
  await page.locator("#benchmark-progress[value]").waitFor();
  expect(page.workers()).toHaveLength(2);
  await page.getByRole("link", { name: "The incident" }).press("Enter");
  await page.getByRole("button", { name: "Next", exact: true }).press("Enter");
  expect(await page.locator("#step .size strong").textContent()).toBe("129 pages, 8.06 MiB");
  await page.goBack();
  await press(page, "Stop");
  await page.getByText("Stopped.").waitFor();
  expect(page.workers()).toEqual([]);
  expect(await page.locator("#benchmark-result").isVisible()).toBe(false);
  expect(await page.locator("#benchmark-problem").isVisible()).toBe(false);

  await press(page, "Run");
  await page.locator("#benchmark-progress[value]").waitFor();
  expect(page.workers()).toHaveLength(2);
  expect(complaints).toEqual([]);
  await page.close();
});

it("has an address of its own", async () => {
  const page = await openBenchmark();
  expect(await page.title()).toBe("WebAssembly against JavaScript");
  expect(await page.locator("#image-view").isVisible()).toBe(false);
  expect(await page.locator("nav [aria-current]").textContent()).toBe("The benchmark");
  await page.getByRole("link", { name: "An image" }).press("Enter");
  await page.locator("#image-content").waitFor();
  expect(await page.locator("#benchmark-view").isVisible()).toBe(false);
  await page.close();
});

describe("what goes wrong is told with the next step", () => {
  it("when the worker cannot be fetched", async () => {
    const page = await openBenchmark();
    await page.route("**/worker-*", (route) => route.fulfill({ status: 404, body: "" }));
    await press(page, "Run");
    expect(await alertOf(page)).toMatch(/^A worker could not be started.* Reload the page/);
    expect(await page.locator("#benchmark-result").isVisible()).toBe(false);
    expect(await page.locator("#benchmark-run").getAttribute("aria-disabled")).toBe("false");
    await page.close();
  });

  it("when there is no WebAssembly", async () => {
    const page = await site.browser.newPage();
    await page.addInitScript("delete globalThis.WebAssembly");
    await page.goto(`${site.address}#benchmark`);
    await press(page, "Run");
    expect(await alertOf(page)).toMatch(/^This browser has no WebAssembly.* another browser\.$/);
    await page.close();
  });

  it(
    "when the engines leave different images",
    async () => {
      const page = await openBenchmark();
      await page.route("**/worker-*", async (route) => {
        const source = await (await route.fetch()).text();
        expect(source).toContain("SHA-256");
        // Each worker hashes a number of its own instead.
        const body = `crypto.subtle.digest = async () => new Uint8Array(32).fill(self.name === "js" ? 1 : 2).buffer;\n${source}`;
        await route.fulfill({ contentType: "text/javascript", body });
      });
      await page.getByRole("combobox", { name: "Entries" }).selectOption("2,000");
      await press(page, "Run");
      await page.locator("#benchmark-problem").waitFor({ timeout: TIMEOUT });
      expect(await alertOf(page)).toMatch(
        /^The engines disagree, so there are no figures\. the images differ/,
      );
      expect(await page.locator("#benchmark-result").isVisible()).toBe(false);
      await page.close();
    },
    TIMEOUT,
  );
});
