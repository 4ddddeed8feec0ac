import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SAMPLE_FILE, sampleUsers } from "../sample.js";
import { complaintsOf, type Site, startSite } from "./browser.js";

let site: Site;
let page: Page;
let address: string;
let requests: string[];
let complaints: string[];

beforeAll(async () => {
  site = await startSite();
  address = site.address;
});

afterAll(() => site?.stop());

beforeEach(async () => {
  page = await site.browser.newPage();
  requests = [];
  complaints = complaintsOf(page);
  page.on("request", (request) => requests.push(request.url()));
});

afterEach(async () => {
  await page.close();
});

/** Opens the page and waits for the sample. */
async function openPage(): Promise<void> {
  await page.goto(address);
  await page.locator("#image-content").waitFor();
}

/** The texts of the cells of some rows. */
function textsOf(rows: Locator): Promise<string[][]> {
  return rows.evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll("th, td")].map((cell) => cell.textContent ?? "")),
  );
}

const entryRows = () => page.locator(".entries tbody tr");
const status = () => page.locator(".status").textContent();

/** Rows as the page should show users of the sample. */
const rowsOfUsers = (users: ReturnType<typeof sampleUsers>) =>
  users.map(({ key, id, nameLength }) => {
    const name = "n".repeat(Math.min(nameLength, 40)) + (nameLength > 40 ? "…" : "");
    return [key, `${id}`, `${nameLength}`, name];
  });

describe("the sample", () => {
  beforeEach(openPage);

  afterEach(() => {
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(address) && !url.startsWith("data:"))).toEqual(
      [],
    );
  });

  it("says how much is stored and how much is occupied", async () => {
    const overview = page.locator("#overview");
    expect(await overview.locator("h2").textContent()).toBe(
      "10 pages of data in 1,281 pages of stable memory",
    );
    const text = await overview.textContent();
    for (const figure of [
      "2,500 entries",
      "80.1 MiB",
      "buckets of 128 pages",
      "10 buckets",
      "19 pages",
    ]) {
      expect(text).toContain(figure);
    }
  });

  it("draws the buckets with their owners and what is used inside", async () => {
    const blocks = await page.locator(".block[data-bucket]").evaluateAll((all) =>
      all.map((block) => {
        const { bucket, owner, live } = (block as HTMLElement).dataset;
        const squares = block.querySelector(".cell-live")?.getAttribute("d") ?? "";
        return [
          bucket,
          owner,
          live,
          squares.split("M").length - 1,
          getComputedStyle(block).borderTopColor,
        ];
      }),
    );
    expect(blocks.map(([bucket, owner, live]) => `${bucket}: ${owner}, ${live}`)).toEqual([
      "0: 254, 2",
      ...[1, 2, 3, 4, 5, 6].map((bucket) => `${bucket}: 254, 1`),
      "7: 254, 0",
      "8: 3, 8",
      "9: 9, 2",
    ]);
    expect(blocks.map(([, , live]) => Number(live))).toEqual(
      blocks.map(([, , , squares]) => squares),
    );
    expect(new Set(blocks.map(([, owner, , , color]) => `${owner} ${color}`)).size).toBe(3);
    expect(new Set(blocks.map(([, , , , color]) => color)).size).toBe(3);
  });

  it("tells about a bucket when the arrow keys or the mouse come to it", async () => {
    const details = page.locator(".details");
    await page.locator(".block").first().focus();
    await page.keyboard.press("End");
    expect(await details.textContent()).toMatch(
      /^Bucket 9, pages 1,153 to 1,280 of the image: .* memory 9 /,
    );
    await page.keyboard.press("ArrowLeft");
    expect(await details.textContent()).toContain(
      "memory 3 (BTreeMap or BTreeSet). 8 pages in use.",
    );
    await page.locator('[data-bucket="7"]').hover();
    expect(await details.textContent()).toContain("the 8th of 8 buckets of memory 254");
    const name = await page.locator('[data-bucket="8"]').getAttribute("aria-label");
    expect(name).toContain("120 pages (7.5 MiB) owned and never used");
  });

  it("lists the memories with the structure found in each", async () => {
    expect(await textsOf(page.locator("#memories tr[data-memory]:visible"))).toEqual([
      ["3", "BTreeMap or BTreeSet", "2,000", "8", "1 (number 8)", "128", "120", "7.5 MiB"],
      ["9", "BTreeMap or BTreeSet", "500", "2", "1 (number 9)", "128", "126", "7.88 MiB"],
      ["254", "MemoryManager", "", "897", "8 (numbers 0–7)", "1,024", "127", "7.94 MiB"],
    ]);
  });

  it("opens the manager inside memory 254, with the keyboard", async () => {
    const toggle = page.getByRole("button", { name: "MemoryManager", exact: true });
    const inside = page.locator("#inside-254");
    expect(await inside.isVisible()).toBe(false);
    await toggle.press("Enter");
    expect(await toggle.getAttribute("aria-expanded")).toBe("true");
    const rows = await textsOf(inside.locator("tr[data-memory]"));
    expect(rows.map(([id, structure, , pages]) => [id, structure, pages])).toEqual([
      ["229", "Cell", "1"],
      ...["230", "231", "232", "233", "234"].map((id) => [id, "BTreeMap or BTreeSet", "1"]),
      ["235", "bytes of no known structure", "1"],
    ]);
    await toggle.press("Enter");
    expect(await inside.isVisible()).toBe(false);
  });

  it("shows the users, and turns the pages from the keyboard", async () => {
    const users = rowsOfUsers(sampleUsers());
    expect(await textsOf(page.locator(".entries thead tr"))).toEqual([
      ["Key", "id", "name, length", "name"],
    ]);
    expect(await textsOf(entryRows())).toEqual(users.slice(0, 25));
    expect(await status()).toBe("2,000 entries. Showing 1 to 25, page 1 of 80.");

    const next = page.getByRole("button", { name: "Next" });
    await next.press("Enter");
    await next.press("Space");
    expect(await textsOf(entryRows())).toEqual(users.slice(50, 75));
    await page.getByRole("region", { name: "Entries of memory 3" }).focus();
    await page.keyboard.press("End");
    expect(await textsOf(entryRows())).toEqual(users.slice(1975));
    expect(await next.getAttribute("aria-disabled")).toBe("true");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    expect(await textsOf(entryRows())).toEqual(users.slice(1950, 1975));
    await page.keyboard.press("Home");
    expect(await textsOf(entryRows())).toEqual(users.slice(0, 25));
  });

  it("shows every user of the image, once", async () => {
    const next = page.getByRole("button", { name: "Next" });
    const seen = await textsOf(entryRows());
    for (let i = 1; i < 80; i++) {
      await next.click();
      seen.push(...(await textsOf(entryRows())));
    }
    expect(seen).toEqual(rowsOfUsers(sampleUsers()));
  });

  it("finds exactly the users whose key starts with what is typed", async () => {
    const search = page.getByRole("searchbox", { name: "Keys that start with" });
    const found = sampleUsers().filter(({ key }) => key.startsWith("user-77"));
    await search.fill("user-77");
    expect(found.length).toBeGreaterThan(0);
    expect(await status()).toMatch(new RegExp(`^${found.length} of 2,000 entries`));
    expect(await textsOf(entryRows())).toEqual(rowsOfUsers(found.slice(0, 25)));

    await search.fill("nobody");
    expect(await status()).toBe("0 of 2,000 entries");
    expect(await textsOf(entryRows())).toEqual([["No entries."]]);
    await search.fill("");
    expect(await status()).toContain("2,000 entries. Showing 1 to 25");
  });

  it("shows the counts of memory 9 in the order of their JSON text", async () => {
    const select = page.getByRole("combobox", { name: "Map" });
    const options = await select.locator("option").allInnerTexts();
    expect(options.slice(0, 2)).toEqual(["memory 3: 2,000 entries", "memory 9: 500 entries"]);
    await select.selectOption("memory 9: 500 entries");
    const keys = Array.from({ length: 500 }, (_, i) => `${i}`).sort();
    expect(await textsOf(entryRows())).toEqual(
      keys.slice(0, 25).map((key) => [key, `${(1500 + Number(key)) * 10}`]),
    );
    expect(await status()).toContain("500 entries. Showing 1 to 25, page 1 of 20.");
    await select.selectOption("memory 3: 2,000 entries");
    expect(await status()).toContain("2,000 entries");
  });

  it("fits a narrow screen", async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(400);
  });

  it("follows the color scheme of the system", async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: "light" });
    const light = await ground();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await ground()).not.toBe(light);
  });
});

describe("images of one's own", () => {
  beforeEach(openPage);

  const choose = (name: string, buffer: Buffer) =>
    page.locator("#file").setInputFiles({ name, mimeType: "application/octet-stream", buffer });

  it("opens a packed file, and the sample again", async () => {
    await page.locator("#file").setInputFiles(fileURLToPath(SAMPLE_FILE));
    const back = page.getByRole("button", { name: "Back to the sample" });
    await back.waitFor();
    expect(await page.locator("#image-name").textContent()).toBe("azle-users.image.gz");
    expect(await page.locator("#overview h2").textContent()).toContain("1,281 pages");
    await back.click();
    await back.waitFor({ state: "hidden" });
    expect(await page.locator("#image-name").textContent()).toBe("azle-users.image");
  });

  it("says what it found where there is no manager", async () => {
    await choose("cell.bin", Buffer.concat([Buffer.from("SCL\x01"), Buffer.alloc(100)]));
    await page.getByText("It holds a Cell").waitFor();
    expect(await page.locator("#buckets").isVisible()).toBe(false);
  });

  it("says why a file cannot be read, and keeps what it shows", async () => {
    await choose("broken.gz", Buffer.from([0x1f, 0x8b, 1, 2, 3]));
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toContain("could not be unpacked");
    expect(await page.locator("#overview h2").textContent()).toContain("1,281 pages");
  });
});

it("says that the sample cannot be fetched, and what to do", async () => {
  await page.route("**/azle-users*", (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(address);
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toMatch(
    /could not be fetched: the server answered 404\. Check/,
  );
});
