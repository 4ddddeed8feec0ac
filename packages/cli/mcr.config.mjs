/**
 * What the tests reach of the built program, which they start as users do; so this is measured in
 * processes of its own, where vitest does not look.
 */
export default {
  name: "@stable-structures/cli",
  reports: ["console-details", "json-summary"],
  outputDir: ".reports/coverage",
  entryFilter: ({ url }) => url.endsWith("/dist/main.js"),
  sourceFilter: (path) => path.startsWith("src/"),
  onEnd: ({ summary }) => {
    if (summary.lines.pct < 95 || summary.branches.pct < 90)
      throw new Error("fewer than 95 % of the lines, or 90 % of the branches");
  },
};
