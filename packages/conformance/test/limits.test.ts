import { describe, expect, it } from "vitest";
import {
  checkRefusal,
  limitsBelow,
  readManifest,
  type Subject,
  subjectName,
  subjects,
  vectorScript,
} from "../src/index.js";

// Every vector, in a base memory of every size below the one it needs that can make a difference. Where the first refusal comes
// is compared with the crate by `npm run conformance`.
const { vectors } = readManifest();

const [wasm, vector] = subjects as [Subject, Subject];

describe.each([wasm, vector].map((subject) => [subjectName(subject), subject] as const))(
  "a base memory with a limit, on %s",
  (_, subject) => {
    const needy = vectors.filter(({ pages }) => pages > 1);
    it.each(needy.map(({ name, pages }) => [name, pages] as const))(
      "%s is refused below %i pages, and loses nothing",
      (name, pages) => {
        const lines = vectorScript(name).filter((line) => line !== "");
        for (const limit of limitsBelow(lines, pages)) {
          expect(checkRefusal(lines, subject, limit)).toEqual({
            refused: true,
            difference: undefined,
          });
        }
        expect(checkRefusal(lines, subject, pages).refused).toBe(false);
      },
    );
  },
);
