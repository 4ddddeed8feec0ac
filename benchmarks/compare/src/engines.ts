// What runs in a browser as well: our two engines as subjects, and how they are measured.
export type { Case, Phase } from "./case.js";
export { formatNs, meanRatio, ratio } from "./figures.js";
export {
  DisagreementError,
  measurePart,
  type Rounds,
  type Row,
  roundsFor,
  type Step,
  type Timing,
} from "./measure.js";
export { MAPS, type Part, PHASES } from "./plan.js";
export { Responder } from "./responder.js";
export { Subject } from "./subject.js";
export { openOurs } from "./subjects/ours.js";
export type { Session, Work } from "./subjects/session.js";
