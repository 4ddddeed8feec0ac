// The views of the page, each with an address of its own: #image, #incident and #benchmark.
import { byId } from "./dom.js";

const TITLES = {
  image: "Inside a stable memory",
  incident: "The bucket size incident",
  benchmark: "WebAssembly against JavaScript",
} as const;
type View = keyof typeof TITLES;

const VIEWS = Object.keys(TITLES) as View[];

/** Shows the view of the address, now and whenever it changes. */
export function followAddress(): void {
  const show = () => {
    const named = location.hash.slice(1);
    const view = VIEWS.find((name) => name === named) ?? "image";
    for (const name of VIEWS) {
      byId(`${name}-view`).hidden = name !== view;
      const link = byId(`${name}-link`);
      if (name === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    document.title = TITLES[view];
    scrollTo(0, 0);
  };
  addEventListener("hashchange", show);
  show();
}
