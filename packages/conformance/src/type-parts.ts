/** What a type of the script language is made of. */
export type Parts =
  | { readonly kind: "option" | "reverse"; readonly of: string }
  | { readonly kind: "tuple"; readonly members: readonly string[] }
  | {
      readonly kind: "struct";
      readonly fields: readonly (readonly [field: string, type: string])[];
    };

const USER = [
  ["name", "string"],
  ["age", "u8"],
] as const;

const NAMED: Readonly<Record<string, Parts>> = {
  eventkey: { kind: "tuple", members: ["string", "principal", "reverse_u64"] },
  point: {
    kind: "struct",
    fields: [
      ["x", "i32"],
      ["y", "i32"],
    ],
  },
  account: {
    kind: "struct",
    fields: [
      ["owner", "principal"],
      ["balance", "u64"],
      ["limit", "option_u64"],
      ["note", "string"],
    ],
  },
  user: { kind: "struct", fields: USER },
  candiduser: { kind: "struct", fields: USER },
  cboruser: { kind: "struct", fields: USER },
  packeduser: { kind: "struct", fields: USER },
};

/** The parts of a type, as its name says them; undefined when it has none. */
export function partsOf(type: string): Parts | undefined {
  const [kind = "", ...rest] = type.split("_");
  if (kind === "tuple") return { kind, members: rest };
  if (kind === "option" || kind === "reverse") return { kind, of: rest.join("_") };
  return NAMED[type];
}
