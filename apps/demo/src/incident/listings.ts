// The code of each step. The TypeScript is the source of the modules that run.js runs.
import rustBucketSize from "./rust/bucket_size.rs?raw";
import rustManagerHooks from "./rust/manager_hooks.rs?raw";
import rustRawHooks from "./rust/raw_hooks.rs?raw";
import changedSize from "./steps/changed-size.ts?raw";
import freshCanister from "./steps/fresh-canister.ts?raw";
import managerHooks from "./steps/manager-hooks.ts?raw";
import rawHooks from "./steps/raw-hooks.ts?raw";

export interface Listing {
  readonly rust: string;
  readonly typescript: string;
}

/** By step. */
export const LISTINGS: readonly Listing[] = [
  { rust: rustRawHooks, typescript: withoutImports(rawHooks) },
  { rust: rustManagerHooks, typescript: withoutImports(managerHooks) },
  { rust: rustBucketSize, typescript: withoutImports(changedSize) },
  { rust: rustBucketSize, typescript: withoutImports(freshCanister) },
];

function withoutImports(source: string): string {
  return source.replace(/^import [^;]*;\n/gm, "").trimStart();
}
