/** Differences between two sides, each of which has its row in a table of a guide. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

export type Sides<T> = Readonly<Record<string, T>>;

/** What is not the same, as [theirs, ours]. */
export const differing = <T>(theirs: Sides<T>, ours: Sides<T>): Record<string, [T | undefined, T | undefined]> =>
  Object.fromEntries(
    [...new Set([...Object.keys(theirs), ...Object.keys(ours)])]
      .filter((key) => !isDeepStrictEqual(theirs[key], ours[key]))
      .map((key) => [key, [theirs[key], ours[key]]]),
  );

export interface NamedDifferences {
  /** Says which row tells of a difference. @throws Error where there is none */
  named<T>(row: string, difference: T): T;
  /** Rows that no test came across. */
  unmet(): string[];
}

/**
 * @param guide path from the root of the repository
 * @param heading of the section with the table
 */
export const differencesOf = async (guide: string, heading: string): Promise<NamedDifferences> => {
  const text = await readFile(join(import.meta.dirname, '../../..', guide), 'utf8');
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  // Without the row of the headings.
  const rows = [...section.matchAll(/^\| (.+?) \|/gm)].map(([, row = '']) => row).slice(1);
  const met = new Set<string>();
  return {
    named: (row, difference) => {
      if (!rows.includes(row)) throw new Error(`${guide} has no row "${row}" under ${heading}`);
      met.add(row);
      return difference;
    },
    unmet: () => rows.filter((row) => !met.has(row)),
  };
};
