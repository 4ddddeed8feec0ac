import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { complaintsOf, type Site, startSite } from "./browser.js";

let site: Site;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  site = await startSite();
});

afterAll(() => site?.stop());

beforeEach(async () => {
  page = await site.browser.newPage();
  complaints = complaintsOf(page);
  await page.goto(`${site.address}#incident`);
  await page.locator("#step-title").waitFor();
});

afterEach(async () => {
  expect(complaints).toEqual([]);
  await page.close();
});

const press = (name: string) => page.getByRole("button", { name, exact: true }).press("Enter");
const size = () => page.locator("#step .size strong").textContent();
const step = () => page.locator("#step").textContent();
const listing = (name: string) => page.getByRole("region", { name, exact: true }).textContent();

/** The size that the button of each step shows. */
const sizes = () => page.locator("#steps strong").allTextContents();

/** Squares drawn for each owner of pages. */
const squares = () =>
  page.locator("#step svg path").evaluateAll((paths) =>
    Object.fromEntries(
      paths.map((path) => {
        const count = (path.getAttribute("d") ?? "").split("M").length - 1;
        return [path.getAttribute("class")?.replace("page-", ""), count];
      }),
    ),
  );

describe("the incident", () => {
  it("goes step by step, with the library's numbers and errors", async () => {
    expect(await size()).toBe("1 page, 64 KiB");
    expect(await squares()).toEqual({ manager: 0, state: 1, nothing: 0 });
    expect(await step()).toContain("10,000 canisters occupies 0.61 GiB");
    expect(await listing("TypeScript")).toContain("new BufferedStableWriter(memory, 32 * 1024)");
    expect(await listing("Rust")).toContain("BufferedStableWriter::new(32 * 1024)");

    await press("Next");
    expect(await size()).toBe("129 pages, 8.06 MiB");
    expect(await squares()).toEqual({ manager: 1, state: 1, nothing: 127 });
    expect(await step()).toContain("78.74 GiB, 129 times as much as before");
    expect(await listing("TypeScript")).toContain("MemoryManager.create(memory, options)");
    expect(await listing("Rust")).toContain("MemoryManager::init(");

    await press("Next");
    expect(await size()).toBe("129 pages, 8.06 MiB");
    expect(await squares()).toEqual({ manager: 1, state: 1, nothing: 127 });
    expect(await page.locator(".refusal code").textContent()).toBe("STABLE_BUCKET_SIZE_MISMATCH");
    expect(await step()).toContain("the image has buckets of 128 pages and 1 were asked for");
    expect(await listing("Rust")).toContain("init_with_bucket_size");

    await press("Next");
    expect(await size()).toBe("2 pages, 128 KiB");
    expect(await squares()).toEqual({ manager: 1, state: 1, nothing: 0 });
    expect(await page.locator(".refusal code").textContent()).toBe("STABLE_TOO_MANY_BUCKETS");
    expect(await step()).toContain("32,769 pages (2 GiB)");
    expect(await step()).toContain("1.22 GiB");
    expect(await step()).toContain("just as they were saved");
    expect(await page.locator("#step-next").getAttribute("aria-disabled")).toBe("true");
    expect(await sizes()).toEqual(["1 page", "129 pages", "129 pages", "2 pages"]);

    await press("Back");
    expect(await page.locator("#step-status").textContent()).toBe("Step 3 of 4: 129 pages.");
  });

  it("runs only the steps that were asked for, or all of them", async () => {
    expect(await sizes()).toEqual(["1 page"]);
    await press("Run all");
    expect(await sizes()).toEqual(["1 page", "129 pages", "129 pages", "2 pages"]);
    expect(await page.locator("#steps [aria-current]").getAttribute("data-step")).toBe("4");
  });

  it("goes from step to step with the arrow keys", async () => {
    await page.locator('[data-step="1"]').focus();
    await page.keyboard.press("ArrowRight");
    expect(await size()).toBe("129 pages, 8.06 MiB");
    await page.keyboard.press("End");
    expect(await page.locator("#step-title").textContent()).toMatch(/^4\. /);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Home");
    expect(await size()).toBe("1 page, 64 KiB");
  });

  it("runs again for another size and counts another fleet", async () => {
    await press("Run all");
    const slider = page.getByRole("slider", { name: "State of a canister" });
    await slider.press("End");
    expect(await slider.getAttribute("aria-valuetext")).toBe("1000 KiB");
    expect(await sizes()).toEqual(["16 pages", "129 pages", "129 pages", "17 pages"]);
    const fleet = page.getByRole("spinbutton", { name: "Canisters in the fleet" });
    await fleet.fill("1");
    expect(await step()).toContain("A fleet of 1 canister occupies 1.06 MiB");
    await fleet.fill("0");
    expect(await page.getByText("A whole number from 1").isVisible()).toBe(true);
    expect(await step()).toContain("A fleet of 1 canister occupies 1.06 MiB");
  });

  it("has an address of its own, as the image has", async () => {
    expect(await page.locator("#image-view").isVisible()).toBe(false);
    expect(await page.title()).toBe("The bucket size incident");
    await page.getByRole("link", { name: "An image" }).press("Enter");
    await page.locator("#image-content").waitFor();
    expect(new URL(page.url()).hash).toBe("#image");
    expect(await page.locator("#incident-view").isVisible()).toBe(false);
    await page.goBack();
    await page.locator("#incident-view").waitFor();
  });

  it("fits a narrow screen in every step", async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    for (let i = 1; i <= 4; i++) {
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(400);
      await press("Next");
    }
  });
});
