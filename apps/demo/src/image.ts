// Gets the bytes of an image: the sample from the server of this page, or a file of the user.
import { WasmMemory } from "stable-structures";
import { messageOf } from "./format.js";
import { type Content, describeContent } from "./model.js";

/** The one copy that the project has; Vite puts it beside the page. */
const SAMPLE_URL = new URL("../../../fixtures/azle-users.image.gz", import.meta.url);

/** An image that is open. */
export interface Image {
  readonly name: string;
  readonly isSample: boolean;
  readonly content: Content;
}

/** Fetches and opens the sample. */
export async function openSample(): Promise<Image> {
  const bytes = await unpack(await fetchSample());
  return { name: "azle-users.image", isSample: true, content: describe(bytes) };
}

/** Opens a file of the user, which stays in the browser. */
export async function openFile(file: File): Promise<Image> {
  return { name: file.name, isSample: false, content: describe(await unpack(file)) };
}

async function fetchSample(): Promise<Blob> {
  const hint =
    "Check that the server of this page still runs and reload, or open an image of your own.";
  try {
    const response = await fetch(SAMPLE_URL);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return await response.blob();
  } catch (cause) {
    throw new Error(`The sample image could not be fetched: ${messageOf(cause)}. ${hint}`, {
      cause,
    });
  }
}

/** The bytes of an image, unpacked when they are gzip; some servers have unpacked them already. */
async function unpack(blob: Blob): Promise<Uint8Array> {
  const start = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  try {
    const stream = isGzip
      ? blob.stream().pipeThrough(new DecompressionStream("gzip"))
      : blob.stream();
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    const what = isGzip ? "unpacked" : "read";
    throw new Error(`The image could not be ${what}: ${messageOf(cause)}.`, { cause });
  }
}

function describe(bytes: Uint8Array): Content {
  if (bytes.length === 0) throw new Error("The image is empty.");
  return describeContent(WasmMemory.from(bytes));
}
