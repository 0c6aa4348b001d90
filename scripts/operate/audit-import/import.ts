/** Imports what is new: the file first, then the table, and last the one record that says so. Safe to repeat at any step. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import { positionOf, toImported } from '../../../service/src/audit/imported.ts';
import type { Audit } from '../../../service/src/audit/port.ts';
import type { TableEngine, Write } from '../../../service/src/ports/tables.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { Archive } from './archive.ts';
import { archiveProblem, tableProblem } from './compare.ts';
import { correlationOf, fileOf, type Manifest, manifestFileOf } from './manifest.ts';
import type { Extent, Source } from './source.ts';
import { openSumming } from './summing.ts';

export interface Importing {
  readonly tables: TableEngine;
  readonly audit: Audit;
  readonly archive: Archive;
  readonly source: Source;
  readonly importId: string;
  readonly zone: string;
  /** Told now and then how many rows are in the table. */
  readonly progress: (rows: number) => void;
}

/** Rows and characters of one transaction: DynamoDB takes 100 writes and 4 MB. */
const BATCH_ROWS = 100;
const BATCH_CHARACTERS = 1_000_000;

/** Writes the file of the rows, and says what is in it. */
const written = async (
  { source, importId, zone }: Importing,
  { first, last }: Extent,
  file: string,
): Promise<Manifest> => {
  const summing = openSumming();
  const zip = createGzip();
  const done = once(zip.pipe(createWriteStream(file, { mode: 0o600 })), 'finish');
  for (const row of source.rows(first, last)) if (!zip.write(summing.add(row))) await once(zip, 'drain');
  zip.end();
  await done;
  const { ends, ...sum } = summing.sum();
  if (ends === undefined) throw new Error('there are no rows');
  return { importId, table: source.table, timezone: zone, ...sum, ...ends, file: fileOf(importId, first, last) };
};

/** @throws OperatorProblem where the archive has another file of that name */
const archived = async ({ archive }: Importing, manifest: Manifest, file: string): Promise<void> => {
  await archive.create(manifest.file, await readFile(file), 'application/gzip');
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await archive.create(manifestFileOf(manifest.file), Buffer.from(text), 'application/json');
  const problem = await archiveProblem(archive, manifest);
  if (problem === undefined) return;
  throw new OperatorProblem(
    `${problem}: an earlier import of the same rows read other values. If it read another table or time zone, give this import another --name.`,
  );
};

/** Rows go in order, each batch whole: what an import that was broken off has written ends here. */
const resumedAt = async ({ tables, importId }: Importing, { first, last }: Extent): Promise<number> => {
  const range = { from: positionOf(first), to: positionOf(last) };
  const page = await tables.query('imported-audit', { partition: importId, ...range, descending: true, limit: 1 });
  const [newest] = page.items;
  return newest === undefined ? first : Number(newest.position) + 1;
};

const insert = async ({ tables, importId }: Importing, writes: readonly Write[]): Promise<void> => {
  if (writes.length === 0 || (await tables.transact(writes))) return;
  throw new OperatorProblem(
    `Somebody else is importing ${importId} at the same time. Wait for that, then run this again.`,
  );
};

/** What is there already is left as it is, and compared afterwards. */
const loaded = async (importing: Importing, extent: Extent): Promise<void> => {
  const { source, importId, progress } = importing;
  const begin = await resumedAt(importing, extent);
  let batch: Write[] = [];
  let [size, rows] = [0, 0];
  const flush = async () => {
    await insert(importing, batch);
    rows += batch.length;
    progress(rows);
    [batch, size] = [[], 0];
  };
  for (const read of source.rows(begin, extent.last)) {
    const row = toImported(importId, read, read);
    const characters = JSON.stringify(row).length;
    if (batch.length === BATCH_ROWS || size + characters > BATCH_CHARACTERS) await flush();
    batch.push({ kind: 'insert', table: 'imported-audit', row });
    size += characters;
  }
  await flush();
};

/**
 * Imports the rows of an extent.
 * @throws OperatorProblem where what is there already is something else; nothing of it is overwritten
 */
export const importRows = async (importing: Importing, extent: Extent): Promise<Manifest> => {
  const file = join(importing.source.folder, 'rows.jsonl.gz');
  const manifest = await written(importing, extent, file);
  await archived(importing, manifest, file);
  await loaded(importing, extent);
  const problem = await tableProblem(importing.tables, manifest);
  if (problem !== undefined)
    throw new OperatorProblem(`${problem}. No record of the import was written; what is in the table stays.`);
  await importing.audit.append({
    userId: 'system',
    correlationId: correlationOf(importing.importId),
    tool: 'audit-import',
    action: 'write',
    result: 'success',
    summary: z.json().parse(manifest),
  });
  return manifest;
};
