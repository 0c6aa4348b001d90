/** Rows under their headings, for a terminal. */
import { stripVTControlCharacters } from 'node:util';

/** A cell is one line: an answer of AWS may hold several. */
const oneLine = (cell: string): string => cell.replaceAll(/\s+/g, ' ').trim();

/** Colours take no room on the screen. */
const widthOf = (cell: string | undefined): number => stripVTControlCharacters(cell ?? '').length;

/** @param rows cells, which may be coloured */
export const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string => {
  const all = [headings, ...rows.map((row) => row.map(oneLine))];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => widthOf(row[column]))));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
