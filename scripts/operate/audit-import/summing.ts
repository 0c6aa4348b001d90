/** Count, ends and hashes of rows that pass by. */
import { createHash } from 'node:crypto';
import { type ImportedRow, lineOf } from '../../../service/src/audit/imported.ts';
import { sha256 } from '../../../service/src/canonical.ts';
import type { Manifest } from './manifest.ts';

export type Sum = Pick<Manifest, 'rows' | 'sha256' | 'root'> & {
  /** Undefined where there are no rows. */
  readonly ends: Pick<Manifest, 'first' | 'last'> | undefined;
};

export interface Summing {
  /** Takes the next row; answers its line. */
  add(row: ImportedRow): string;
  sum(): Sum;
}

export const openSumming = (): Summing => {
  const [file, root] = [createHash('sha256'), createHash('sha256')];
  let rows = 0;
  let first: Manifest['first'] | undefined;
  let last: Manifest['last'] | undefined;
  return {
    add: (row) => {
      const line = `${lineOf(row)}\n`;
      file.update(line);
      root.update(`${sha256(line.slice(0, -1))}\n`);
      rows += 1;
      last = { n: row.n, at: row.at };
      first ??= last;
      return line;
    },
    sum: () => ({
      rows,
      sha256: file.copy().digest('hex'),
      root: root.copy().digest('hex'),
      ends: first && last && { first, last },
    }),
  };
};
