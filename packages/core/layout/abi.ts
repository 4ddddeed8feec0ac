/**
 * Number of the interface between the Wasm module and its loader. It goes up with every change of
 * an export, of a status or of the engine's regions, so that a loader refuses a module it was not
 * written for.
 */
export const ABI_VERSION = 2;
