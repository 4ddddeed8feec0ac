type Child = Node | string;

/** A new element with attributes (an attribute of `false` or undefined is left out) and children. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      made.setAttribute(name, value === true ? "" : `${value}`);
  }
  made.append(...children);
  return made;
}

/** The element of the page with this id; index.html has it. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element #${id}`);
  return found;
}

/** A row of header cells. Numbers stand at the right. */
export function headerRow(columns: readonly { header: string; numeric: boolean }[]): HTMLElement {
  const cells = columns.map(({ header, numeric }) =>
    element("th", { scope: "col", class: numeric ? "number" : undefined }, header),
  );
  return element("thead", {}, element("tr", {}, ...cells));
}

/** A table that scrolls by itself, with the keyboard too, where the page is narrow. */
export function scrollable(label: string, table: HTMLElement): HTMLElement {
  return element(
    "div",
    { class: "scroll", role: "region", "aria-label": label, tabindex: 0 },
    table,
  );
}

/** The class that gives an element the color of a memory: by its place among the manager's memories. */
export function colorClass(place: number): string {
  return place === -1 ? "color-none" : `color-${place % 8}`;
}
