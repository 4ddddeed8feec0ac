export { check } from "./check/check.js";
export type { CheckOptions, CheckProgress, StructureCodecs } from "./check/codecs.js";
export { imageAddressOf } from "./check/image-address.js";
export type { MapStatistics, NodePageSizeChoice } from "./check/map-statistics.js";
export type { CheckedMemory, CheckReport } from "./check/report.js";
export { statisticsOf } from "./check/statistics.js";
export type { Finding, FindingCode, ReportedKind } from "./inspect/report.js";
