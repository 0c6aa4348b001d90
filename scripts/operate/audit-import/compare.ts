/** Whether what was imported is still as the audit log says: in the table, in the archive, and where it came from. */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { fromImported, type ImportedRow, importedRows, rowHashOf } from '../../../service/src/audit/imported.ts';
import type { Tables } from '../../../service/src/ports/tables.ts';
import type { Archive } from './archive.ts';
import { type Manifest, manifestFileOf, Manifest as Written } from './manifest.ts';
import type { Source } from './source.ts';
import { openSumming } from './summing.ts';

const range = ({ first, last }: Manifest) => ({ first: first.n, last: last.n });
const named = ({ first, last }: Manifest): string => `rows ${first.n} to ${last.n}`;

/** In the table: the first row that is not what its own hash says, else whether all of them have the root. */
export const tableProblem = async (tables: Pick<Tables, 'query'>, part: Manifest): Promise<string | undefined> => {
  const summing = openSumming();
  for await (const stored of importedRows(tables, part.importId, range(part))) {
    const row = fromImported(stored);
    if (rowHashOf(row) !== stored.rowHash) return `the table’s row ${row.n} was changed`;
    summing.add(row);
  }
  const { rows, root } = summing.sum();
  if (rows !== part.rows) return `the table has ${rows} of ${part.rows} rows (${named(part)})`;
  return root === part.root ? undefined : `the table’s ${named(part)} are not those that were imported`;
};

/** Undefined for what is none, whatever bytes it has. */
const readManifest = (bytes: Uint8Array): Manifest | undefined => {
  try {
    return Written.safeParse(JSON.parse(Buffer.from(bytes).toString())).data;
  } catch {
    return undefined;
  }
};

/** In the archive. */
export const archiveProblem = async (archive: Archive, part: Manifest): Promise<string | undefined> => {
  const file = await archive.read(part.file);
  if (file === undefined) return `${archive.place} has no ${part.file}`;
  const manifest = await archive.read(manifestFileOf(part.file));
  if (manifest === undefined) return `${archive.place} has no ${manifestFileOf(part.file)}`;
  const says = readManifest(manifest);
  if (says?.root !== part.root || says.sha256 !== part.sha256) return `${manifestFileOf(part.file)} was changed`;
  try {
    return createHash('sha256').update(gunzipSync(file)).digest('hex') === part.sha256
      ? undefined
      : `${part.file} was changed`;
  } catch {
    return `${part.file} was changed: it cannot be unpacked`;
  }
};

/** Where it came from: the first row that is another than in the table. */
export const sourceProblem = async (
  tables: Pick<Tables, 'query'>,
  source: Source,
  part: Manifest,
): Promise<string | undefined> => {
  const { first, last } = range(part);
  const summing = openSumming();
  for (const row of source.rows(first, last)) summing.add(row);
  if (summing.sum().root === part.root) return undefined;
  const kept = importedRows(tables, part.importId, { first, last });
  for (const row of source.rows(first, last)) {
    const { value: stored } = await kept.next();
    const difference = stored && differenceOf(row, fromImported(stored));
    if (difference !== undefined) return `${difference} since it was imported`;
  }
  return `${named(part)} of ${source.table} are others than those that were imported`;
};

const differenceOf = (row: ImportedRow, kept: ImportedRow): string | undefined => {
  if (row.n > kept.n) return `row ${kept.n} was removed`;
  if (row.n < kept.n) return `row ${row.n} was added`;
  return rowHashOf(row) === rowHashOf(kept) ? undefined : `row ${row.n} was changed`;
};
