/** A column of a table. */
export interface Column<Row> {
  readonly header: string;
  readonly numeric?: boolean;
  readonly cell: (row: Row) => string;
}

/** The header and a line for each row, cut at `width` characters. */
export function renderColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): string[] {
  const lines = [
    columns.map(({ header }) => header),
    ...rows.map((row) => columns.map(({ cell }) => cell(row))),
  ];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines.map((cells) => {
    const padded = cells.map((text, i) =>
      columns[i]?.numeric ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0),
    );
    const line = padded.join("  ").trimEnd();
    return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
  });
}
