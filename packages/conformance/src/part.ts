import type { Random } from "./random.js";

/** One structure of a script while it is made: knows which operations make sense. */
export interface Part {
  readonly name: string;
  readonly declaration: string;
  /** An operation; `progress` goes from 0 to 1 through the script. */
  operation(random: Random, progress: number): string;
}
