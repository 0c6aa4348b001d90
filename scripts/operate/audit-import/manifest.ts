/** What is written down about one import: beside its file in the archive, and in the audit log. */
import { z } from 'zod';
import type { Audit } from '../../../service/src/audit/port.ts';

/** A row's number, and when it was written. */
const End = z.object({ n: z.int(), at: z.string() });

/** Members of a newer release are left alone. */
export const Manifest = z.looseObject({
  importId: z.string(),
  /** Table it came from. */
  table: z.string(),
  /** Time zone that times without one were read in. */
  timezone: z.string(),
  rows: z.int(),
  first: End,
  last: End,
  /** Of the file before it is compressed: canonical JSON, a row a line. */
  sha256: z.string(),
  /** SHA-256 over the hashes of the rows, in order, a line each. */
  root: z.string(),
  /** Name of the file in the archive. */
  file: z.string(),
});
export type Manifest = z.infer<typeof Manifest>;

/** All records of one import have the same correlation id, by which they are found. */
export const correlationOf = (importId: string): string => `audit-import:${importId}`;

export const fileOf = (importId: string, first: number, last: number): string =>
  `${importId}/${first}-${last}.jsonl.gz`;
export const manifestFileOf = (file: string): string => file.replace(/\.jsonl\.gz$/, '.json');

/** What the audit log says was imported, in the order of the rows. */
export const importedParts = async (audit: Pick<Audit, 'query'>, importId: string): Promise<Manifest[]> => {
  const parts: Manifest[] = [];
  let cursor: string | undefined;
  do {
    const page = await audit.query({
      correlationId: correlationOf(importId),
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { result, summary } of page.items) {
      const { data } = Manifest.safeParse(summary);
      if (result === 'success' && data !== undefined) parts.push(data);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return parts.sort((a, b) => a.first.n - b.first.n);
};
