// The documentation proves itself: every `ts` block is a program that is type-checked and run, every
// `hex` block is compared with the image that the `ts` block before it exports, every link leads to a
// file.
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
// Below this package's node_modules: what the blocks import is found from there.
const CACHE = fileURLToPath(new URL("../node_modules/.cache/docs", import.meta.url));
const RUNNER = join(CACHE, "run.mjs");

interface Block {
  /** `docs/errors.md:12`, where the block begins. */
  readonly place: string;
  readonly language: string;
  readonly source: string;
  /** The block's file in the cache, without its extension. */
  readonly file: string;
}

/** Markdown files that the project writes by hand. */
function documents(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return below(path);
      return entry.name.endsWith(".md") ? [path] : [];
    });
  const readmes = ["packages", "apps", "benchmarks"].flatMap((group) =>
    readdirSync(join(ROOT, group)).map((name) => join(group, name, "README.md")),
  );
  const named = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "fixtures/README.md", ...readmes];
  return [...named.filter((path) => existsSync(join(ROOT, path))), ...below("docs")];
}

/** The fenced blocks of a document. */
function blocksOf(path: string): Block[] {
  const content = readFileSync(join(ROOT, path), "utf8");
  return [...content.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, language = "", source = ""] = match;
    const line = content.slice(0, match.index).split("\n").length;
    const file = join(CACHE, `${path.replace(/\W+/g, "-")}-${line}`);
    return { place: `${path}:${line}`, language, source, file };
  });
}

/** The targets of a document's relative links. */
function linksOf(path: string): string[] {
  const content = readFileSync(join(ROOT, path), "utf8").replace(/^```[\s\S]*?^```$/gm, "");
  return [...content.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
    .map(([, markdown, html]) => markdown ?? html ?? "")
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchor that a heading gets. */
function anchorOf(heading: string): string {
  const words = heading.replace(/^#+ /, "").toLowerCase();
  return words.replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
}

function leadsSomewhere(from: string, link: string): boolean {
  const [target = "", anchor] = link.split("#");
  const path = target === "" ? join(ROOT, from) : join(ROOT, dirname(from), target);
  if (!existsSync(path)) return false;
  if (anchor === undefined) return true;
  const headings = readFileSync(path, "utf8").match(/^#+ .*$/gm) ?? [];
  return headings.map(anchorOf).includes(anchor);
}

/** What the compiler says of the blocks; they are checked together, each on its own. */
function typeErrors(blocks: readonly Block[]): string[] {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.base.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const places = new Map(blocks.map(({ file, place }) => [`${file}.ts`, place]));
  const program = ts.createProgram([...places.keys()], options);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    return `${places.get(file?.fileName ?? "") ?? file?.fileName}, line ${line}: ${text}`;
  });
}

function writeModules(blocks: readonly Block[]): void {
  rmSync(CACHE, { recursive: true, force: true });
  // This package, which does not find itself from within node_modules.
  const self = join(CACHE, "node_modules/@stable-structures/conformance");
  mkdirSync(dirname(self), { recursive: true });
  symlinkSync(fileURLToPath(new URL("..", import.meta.url)), self, "junction");
  writeFileSync(RUNNER, RUNNER_SOURCE);
  writeFileSync(join(CACHE, "package.json"), '{ "type": "module" }');
  const { ES2022 } = ts.ScriptTarget;
  const compilerOptions = { target: ES2022, module: ts.ModuleKind.ESNext };
  for (const { file, source } of blocks) {
    writeFileSync(`${file}.ts`, source);
    writeFileSync(`${file}.js`, ts.transpileModule(source, { compilerOptions }).outputText);
  }
}

/** Imports a block and writes the image it exports, if it does. */
const RUNNER_SOURCE = `
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
const { image } = await import(pathToFileURL(process.argv[2] + ".js").href);
if (image !== undefined) writeFileSync(process.argv[2] + ".image", image);
`;

/** Bytes at an address, as a `hex` block lists them: \`0820: 00 01 ff*32766  a comment\`. */
function listedBytes(source: string): { address: number; bytes: number[] }[] {
  return source
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, address, words] =
        /^([0-9a-f]+): ((?:[0-9a-f]{2}(?:\*\d+)? ?)+)(?: .*)?$/.exec(line) ?? [];
      if (address === undefined || words === undefined) throw new Error(`no hex line: ${line}`);
      const bytes = words
        .trim()
        .split(" ")
        .flatMap((word) => {
          const [byte = "", count = "1"] = word.split("*");
          return new Array<number>(Number(count)).fill(Number.parseInt(byte, 16));
        });
      return { address: Number.parseInt(address, 16), bytes };
    });
}

/** The first address at which an image is not what a listing says; what it leaves out is zero. */
function firstDifference(image: Uint8Array, source: string): string | undefined {
  const wanted = new Uint8Array(image.length);
  for (const { address, bytes } of listedBytes(source)) wanted.set(bytes, address);
  const at = wanted.findIndex((byte, i) => byte !== image[i]);
  if (at === -1) return undefined;
  const found = Buffer.from(image.subarray(at, at + 16)).toString("hex");
  return `the image has ${found} at ${at.toString(16)}`;
}

const blocks = documents().flatMap(blocksOf);
const programs = blocks.filter(({ language }) => language === "ts");
const listings = blocks.flatMap((block, i) =>
  block.language === "hex" ? [{ block, program: blocks[i - 1] as Block }] : [],
);

describe("the documentation", () => {
  beforeAll(() => writeModules(programs));

  it("has programs to run and listings to compare", () => {
    expect(programs.length).toBeGreaterThan(20);
    expect(listings.length).toBeGreaterThan(3);
    expect(listings.filter(({ program }) => program.language !== "ts")).toEqual([]);
  });

  it.each(documents())("%s has links that lead somewhere", (path) => {
    expect(linksOf(path).filter((link) => !leadsSomewhere(path, link))).toEqual([]);
  });

  it("type-checks", () => {
    expect(typeErrors(programs)).toEqual([]);
  }, 60_000);

  // A failed `console.assert` only writes to standard error, so nothing may be written there.
  it.concurrent.each(programs)(
    "$place runs",
    async ({ file }) => {
      const { stderr } = await run(process.execPath, [RUNNER, file], { cwd: ROOT });
      expect(stderr).toBe("");
      const listing = listings.find(({ program }) => program.file === file)?.block;
      if (listing === undefined) return;
      expect(firstDifference(readFileSync(`${file}.image`), listing.source)).toBeUndefined();
    },
    60_000,
  );
});
