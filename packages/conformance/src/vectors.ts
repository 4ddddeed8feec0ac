import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readMaybeGzip, readScript } from "./images.js";

/** Folder of the project's golden vectors. */
export const goldenFolder = fileURLToPath(new URL("../../../vectors/golden", import.meta.url));

/** What `manifest.json` says of the vectors. */
export interface Manifest {
  /** The crate that made the images, and the one that began those of layout version 1. */
  readonly crates: { readonly current: string; readonly v1: string };
  readonly vectors: readonly VectorEntry[];
}

/** One script and the image the crate makes of it. */
export interface VectorEntry {
  readonly name: string;
  /** SHA-256 of the whole, unpacked image. */
  readonly sha256: string;
  /** Size of the image in pages of 64 KiB. */
  readonly pages: number;
}

/** The manifest of a folder of vectors. */
export function readManifest(folder = goldenFolder): Manifest {
  const path = join(folder, "manifest.json");
  if (!existsSync(path)) throw new Error(`there are no vectors in ${folder}: ${path} is missing`);
  return JSON.parse(readFileSync(path, "utf8"));
}

/** The script of a vector. */
export function vectorScript(name: string, folder = goldenFolder): string[] {
  return readScript(join(folder, `${name}.ops.gz`));
}

/** The image of a vector. */
export function vectorImage(name: string, folder = goldenFolder): Uint8Array {
  return readMaybeGzip(join(folder, `${name}.image.gz`));
}
