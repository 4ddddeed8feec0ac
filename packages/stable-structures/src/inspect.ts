export { inspect, memoryAt } from "./inspect/inspect.js";
export type {
  BucketSizeChoice,
  CellFacts,
  ContentReport,
  Finding,
  FindingCode,
  ImageReport,
  InspectOptions,
  LogDataFacts,
  LogIndexFacts,
  ManagerReport,
  MapFacts,
  MemoryReport,
  PayloadFacts,
  ReportedKind,
  VecFacts,
} from "./inspect/report.js";
export { count, formatBytes, formatPagesAndBytes } from "./inspect/words.js";
