export { azleImage, checkAzle } from "./azle.js";
export { type BulkLoadScript, checkBulkLoad, generateBulkLoad } from "./bulk-load.js";
export {
  askOracle,
  canPlay,
  checkScript,
  checkVector,
  type Difference,
  differenceFrom,
  type Played,
  playOn,
  type Truth,
} from "./checks.js";
export { checkCodec, checkUpgrades } from "./codec-checks.js";
export { keyCodec, typeNames, valueCodec } from "./codecs.js";
export { type CutImage, checkCutImage, cutImages, cutOffDeclarations } from "./cut-off.js";
export { CutOffError, FaultyMemory } from "./faulty-memory.js";
export { generateScript, type ScriptOptions } from "./generate.js";
export { generateScattered } from "./generate-scattered.js";
export { generateSets } from "./generate-sets.js";
export { imageDifference, readMaybeGzip, readScript, sha256 } from "./images.js";
export { generateLargeValues } from "./large-values.js";
export {
  checkLimitAgainstCrate,
  checkRefusal,
  firstRefusal,
  isRefusal,
  limitsBelow,
} from "./limits.js";
export { buildOracle, Oracle } from "./oracle.js";
export { checkPayload, rewritablePayloads } from "./payload-checks.js";
export {
  candidTypes,
  formatOf,
  isExactlyRewritable,
  memoryOf,
  type Payload,
  payloadFolder,
  payloads,
} from "./payloads.js";
export { Random } from "./random.js";
export { Replayer, UnsupportedScriptError } from "./replayer.js";
export {
  type EngineName,
  type MemoryName,
  type Subject,
  subjectName,
  subjectOf,
  subjects,
  withMemory,
} from "./subjects.js";
export { keyAt, randomValue } from "./values.js";
export {
  goldenFolder,
  type Manifest,
  readManifest,
  type VectorEntry,
  vectorImage,
  vectorScript,
} from "./vectors.js";
