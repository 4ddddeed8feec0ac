import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");

const STRUCTURES = `
const manager = MemoryManager.create(WasmMemory.create(), { bucketSizeInPages: 16 });
const map = StableBTreeMap.init(manager.get(0), { key: u64, value: text });
map.insert(7n, "seven");
const found: string | undefined = map.get(7n);
console.log(found, map.length, manager.engine, [...map.keys()].join());
`;
const STRUCTURES_OUTPUT = "seven 1 wasm 7\n";

const CORE = `
const core = Core.instantiate({ maximumPages: 100 });
core.managerCreate(2);
core.managerGrow(0, 3);
const pages: number = core.exports.imageSize();
console.log(pages, core.exports.managerSize(0), IMAGE_BASE);
`;
const CORE_OUTPUT = "5 3 2359296\n";

const NAMES = "{ MemoryManager, StableBTreeMap, text, u64, WasmMemory }";

const withoutTypes = (source: string) => source.replace(/: (string \| undefined|number) =/g, " =");

describe("the packed packages, installed alone into an empty project", () => {
  let project = "";
  const write = (name: string, source: string) => writeFileSync(join(project, name), source);
  const run = (program: string, args: string[]) =>
    execFileSync(program, args, {
      cwd: project,
      encoding: "utf8",
      env: { ...process.env, CI: "true" },
    });

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), "stable-structures-packed-"));
    const tarballs = join(project, "tarballs");
    mkdirSync(tarballs);
    for (const name of ["core", "stable-structures"]) {
      execFileSync(join(ROOT, "node_modules/.bin/pnpm"), ["pack", "--pack-destination", tarballs], {
        cwd: join(ROOT, "packages", name),
        stdio: "pipe",
      });
    }
    write("package.json", JSON.stringify({ name: "empty", private: true }));
    const files = readdirSync(tarballs).map((file) => join(tarballs, file));
    run("npm", ["install", "--offline", "--no-audit", "--no-fund", ...files]);
  }, 120_000);

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("bring nothing else along", () => {
    const installed = readdirSync(join(project, "node_modules")).filter(
      (name) => !name.startsWith("."),
    );
    expect(installed).toEqual(["@stable-structures", "stable-structures"]);
    expect(readdirSync(join(project, "node_modules/@stable-structures"))).toEqual(["core"]);
  });

  it("work from an ES module", () => {
    write("structures.mjs", `import ${NAMES} from "stable-structures";${withoutTypes(STRUCTURES)}`);
    expect(run("node", ["structures.mjs"])).toBe(STRUCTURES_OUTPUT);
    const imports =
      'import { Core } from "@stable-structures/core";\nimport { IMAGE_BASE } from "@stable-structures/core/layout";';
    write("core.mjs", imports + withoutTypes(CORE));
    expect(run("node", ["core.mjs"])).toBe(CORE_OUTPUT);
  });

  it("work from CommonJS", () => {
    write(
      "structures.cjs",
      `const ${NAMES} = require("stable-structures");${withoutTypes(STRUCTURES)}`,
    );
    expect(run("node", ["structures.cjs"])).toBe(STRUCTURES_OUTPUT);
    const requires =
      'const { Core } = require("@stable-structures/core");\nconst { IMAGE_BASE } = require("@stable-structures/core/layout");';
    write("core.cjs", requires + withoutTypes(CORE));
    expect(run("node", ["core.cjs"])).toBe(CORE_OUTPUT);
  });

  it("share one family of errors between their entries", () => {
    write(
      "errors.cjs",
      `const { StableStructuresError } = require("stable-structures");
       const { FileMemory } = require("stable-structures/node");
       require("node:fs").writeFileSync("odd.bin", "x");
       try { FileMemory.open("odd.bin"); } catch (e) { console.log(e instanceof StableStructuresError, e.code); }`,
    );
    expect(run("node", ["errors.cjs"])).toBe("true STABLE_CORRUPTED\n");
  });

  it.each(["module", "commonjs"])(
    "type-check and run from strict TypeScript in a %s package",
    (type) => {
      const folder = `typescript-${type}`;
      mkdirSync(join(project, folder));
      write(`${folder}/package.json`, JSON.stringify({ type }));
      write(`${folder}/structures.ts`, `import ${NAMES} from "stable-structures";${STRUCTURES}`);
      const imports =
        'import { Core } from "@stable-structures/core";\nimport { IMAGE_BASE } from "@stable-structures/core/layout";';
      write(`${folder}/core.ts`, imports + CORE);
      write(
        `${folder}/tsconfig.json`,
        JSON.stringify({
          compilerOptions: {
            strict: true,
            skipLibCheck: false,
            module: "nodenext",
            target: "es2022",
            lib: ["es2022", "dom"],
            types: [],
            rootDir: ".",
            outDir: "out",
          },
        }),
      );
      run("node", [TSC, "-p", folder]);
      expect(run("node", [`${folder}/out/structures.js`])).toBe(STRUCTURES_OUTPUT);
      expect(run("node", [`${folder}/out/core.js`])).toBe(CORE_OUTPUT);
    },
  );
});
