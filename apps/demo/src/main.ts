import "./style.css";
import { startBenchmark } from "./benchmark/view.js";
import { renderBucketMap } from "./bucket-map.js";
import { byId } from "./dom.js";
import { messageOf } from "./format.js";
import { type Image, openFile, openSample } from "./image.js";
import { startIncident } from "./incident/view.js";
import { renderMapBrowser } from "./map-browser.js";
import { renderMemoryTable } from "./memory-table.js";
import { mapsOf } from "./model.js";
import { renderOverview } from "./overview.js";
import { followAddress } from "./views.js";

const SAMPLE_ABOUT =
  "The stable memory of a real canister written with Azle, after one call that stored its users. " +
  "Memory 3 holds the users, memory 9 counts, memory 254 the file system that Azle brings along.";

let opening = 0;

/** Opens an image and shows it, or says why not; what was shown before then stays. */
async function open(source: () => Promise<Image>): Promise<void> {
  const turn = ++opening;
  tell("progress", "Reading the image…");
  tell("problem", "");
  try {
    const image = await source();
    if (turn === opening) show(image);
  } catch (error) {
    if (turn === opening) tell("problem", messageOf(error));
  } finally {
    if (turn === opening) tell("progress", "");
  }
}

function show(image: Image): void {
  const { manager } = image.content;
  const maps = mapsOf(image.content);
  tell("image-name", image.name);
  tell("image-about", image.isSample ? SAMPLE_ABOUT : "A file of yours. It stays in this browser.");
  fill("overview", renderOverview(image));
  fill("buckets", manager && renderBucketMap(manager));
  fill("memories", manager && renderMemoryTable(manager));
  fill("entries", maps.length > 0 ? renderMapBrowser(maps) : undefined);
  byId("open-sample").hidden = image.isSample;
  byId("image-content").hidden = false;
}

/** Puts a part into its section; the section is hidden when there is none. */
function fill(id: string, part: HTMLElement | undefined): void {
  const room = byId(id);
  room.replaceChildren(...(part ? [part] : []));
  const section = room.closest("section");
  if (section) section.hidden = !part;
}

function tell(id: string, text: string): void {
  byId(id).textContent = text;
  byId(id).hidden = text === "";
}

/** Files are opened from the button and when they are dropped on the page. */
function acceptFiles(): void {
  const input = byId("file") as HTMLInputElement;
  const openFirst = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (!file) return;
    location.hash = "image";
    void open(() => openFile(file));
  };
  byId("open-file").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    openFirst(input.files);
    input.value = "";
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    openFirst(event.dataTransfer?.files);
  });
}

followAddress();
startIncident();
startBenchmark();
acceptFiles();
byId("open-sample").addEventListener("click", () => void open(openSample));
void open(openSample);
