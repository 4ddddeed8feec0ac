// The entries of a map, 25 a page, searched by the first characters of the key.
import { type Column, columnsFor } from "./columns.js";
import { element, headerRow, scrollable } from "./dom.js";
import { EntryPager, type KeyForm, keyFormOf, prefixOf } from "./entries.js";
import { formatCount, formatNumberOf, messageOf } from "./format.js";
import { type NamedMap, openMap } from "./model.js";

const TURNS = ["first", "previous", "next", "last"] as const;
type Turn = (typeof TURNS)[number];

const LABELS: Readonly<Record<Turn, string>> = {
  first: "First",
  previous: "Previous",
  next: "Next",
  last: "Last",
};

const KEYS: Readonly<Record<string, Turn>> = {
  Home: "first",
  ArrowLeft: "previous",
  PageUp: "previous",
  ArrowRight: "next",
  PageDown: "next",
  End: "last",
};

const SEARCH_HINTS: Readonly<Record<KeyForm, string>> = {
  "json-string": "Keys are JSON text, sorted by their bytes. Type the start of one.",
  json: "Keys are JSON text, sorted by their bytes: 10 comes before 9. Type the start of one.",
  bytes: "Keys are bytes. Type the hexadecimal digits that one starts with.",
};

/** The browser of the maps of an image. */
export function renderMapBrowser(maps: readonly NamedMap[]): HTMLElement {
  const shown = maps.findIndex(({ entries }) => entries > 0);
  const select = element("select", { id: "map" }, ...maps.map(optionOf));
  select.selectedIndex = Math.max(shown, 0);
  const room = element("div");
  let close = () => {};
  const open = () => {
    close();
    const map = maps[select.selectedIndex];
    if (map) close = browse(map, room);
  };
  select.addEventListener("change", open);
  open();
  const field = element("div", { class: "field" }, element("label", { for: "map" }, "Map"), select);
  return element("div", { class: "browser" }, field, room);
}

function optionOf({ name, entries }: NamedMap): HTMLOptionElement {
  return element("option", {}, `${name}: ${formatNumberOf(entries, "entry", "entries")}`);
}

/** Shows one map in `room`. Returns what gives its memory back. */
function browse(model: NamedMap, room: HTMLElement): () => void {
  const map = openMap(model.memory, model.key);
  const all = new EntryPager(map);
  const form = keyFormOf(all.entries[0]?.key);
  const columns = columnsFor(all.entries);
  const body = element("tbody");
  const status = element("p", { class: "status", role: "status" });
  const search = searchField(form);
  const table = element("table", { class: "entries" }, headerRow(columns), body);
  const view = scrollable(`Entries of ${model.name}`, table);
  let pager = all;

  const buttons = turnButtons();
  const update = () => {
    body.replaceChildren(...rowsOf(pager, columns));
    status.textContent = statusOf(pager, map.length);
    for (const turn of TURNS) {
      // Not `disabled`, which would take the focus away from who presses it.
      buttons[turn].setAttribute("aria-disabled", `${!canTurn(pager, turn)}`);
    }
  };
  const turnTo = (turn: Turn) => {
    if (!canTurn(pager, turn)) return;
    pager[turn]();
    update();
  };
  for (const turn of TURNS) buttons[turn].addEventListener("click", () => turnTo(turn));
  search.input.addEventListener("input", () => {
    try {
      const prefix = prefixOf(search.input.value, form);
      pager = prefix.length === 0 ? new EntryPager(map) : new EntryPager(map, prefix);
      update();
      search.explain(SEARCH_HINTS[form]);
    } catch (error) {
      search.explain(messageOf(error), true);
    }
  });

  const turns = element(
    "nav",
    { class: "turns", "aria-label": "Pages of entries" },
    ...Object.values(buttons),
  );
  for (const part of [view, turns]) turnWithKeys(part, turnTo);
  update();
  room.replaceChildren(search.field, element("div", { class: "bar" }, status, turns), view);
  return () => map.close();
}

function searchField(form: KeyForm) {
  const input = element("input", {
    id: "search",
    type: "search",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": "search-hint",
  });
  const hint = element("p", { id: "search-hint", class: "hint" }, SEARCH_HINTS[form]);
  const label = element("label", { for: "search" }, "Keys that start with");
  const explain = (text: string, isError = false) => {
    hint.textContent = text;
    hint.classList.toggle("problem", isError);
    input.setAttribute("aria-invalid", `${isError}`);
  };
  return { field: element("div", { class: "field" }, label, input, hint), input, explain };
}

function turnButtons(): Record<Turn, HTMLButtonElement> {
  const button = (turn: Turn) =>
    element("button", { type: "button", "data-turn": turn }, LABELS[turn]);
  return {
    first: button("first"),
    previous: button("previous"),
    next: button("next"),
    last: button("last"),
  };
}

function canTurn(pager: EntryPager, turn: Turn): boolean {
  const back = turn === "first" || turn === "previous";
  return back ? pager.page > 0 : pager.page + 1 < pager.pages;
}

/** Arrows, Home, End, Page Up and Page Down turn the pages while `part` has the focus. */
function turnWithKeys(part: HTMLElement, turnTo: (turn: Turn) => void): void {
  part.addEventListener("keydown", (event) => {
    const turn = KEYS[event.key];
    if (!turn || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    turnTo(turn);
  });
}

function rowsOf({ entries }: EntryPager, columns: readonly Column[]): HTMLElement[] {
  if (entries.length === 0) {
    const text = element("td", { colspan: columns.length, class: "none" }, "No entries.");
    return [element("tr", {}, text)];
  }
  return entries.map((entry) => {
    const cells = columns.map(({ numeric, cell }, i) => {
      const className = numeric ? "number" : undefined;
      const text = cell(entry);
      return i === 0
        ? element("th", { scope: "row", class: className }, text)
        : element("td", { class: className }, text);
    });
    return element("tr", {}, ...cells);
  });
}

function statusOf({ total, page, pages, pageSize, entries }: EntryPager, length: number): string {
  const found =
    total === length
      ? formatNumberOf(total, "entry", "entries")
      : `${formatCount(total)} of ${formatNumberOf(length, "entry", "entries")}`;
  if (entries.length === 0) return found;
  const first = page * pageSize + 1;
  const range = `${formatCount(first)} to ${formatCount(first + entries.length - 1)}`;
  return `${found}. Showing ${range}, page ${formatCount(page + 1)} of ${formatCount(pages)}.`;
}
