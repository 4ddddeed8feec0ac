/**
 * What the programs reach of this package, which is the instrument that the others are tested with: its
 * stages compare with the crate, which the programs do and the unit tests do not. Among what they compare
 * with is a liar, so that there are differences to report.
 */
export default {
  name: "@stable-structures/conformance",
  reports: ["console-details", "json-summary"],
  outputDir: ".reports/coverage",
  entryFilter: ({ url }) => url.includes("/packages/conformance/dist/"),
  sourceFilter: (path) => path.startsWith("src/"),
  onEnd: ({ summary }) => {
    if (summary.lines.pct < 95 || summary.branches.pct < 90)
      throw new Error("fewer than 95 % of the lines, or 90 % of the branches");
  },
};
