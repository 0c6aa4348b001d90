/** What the five analyses ask for and answer alike. */
import { z } from 'zod';
import { digest } from '../../../../canonical.ts';
import { csv, csvType } from '../../../../files/csv.ts';
import type { Column } from '../../../../files/sheet.ts';
import { clean } from '../../../../untrusted.ts';
import { type AnalysisWindow, windowOf } from '../../analysis/window.ts';
import { siteCode } from '../../model/element.ts';
import type { AlertPack } from '../../world.ts';

export const analysisInput = {
  days_back: z.int().min(1).max(90).default(7).describe('Days'),
  as_of: z.iso.datetime().optional().describe('UTC, in place of now'),
};

export const SiteCode = z.string().regex(siteCode, 'must be 2 to 32 of A-Z, 0-9, _ and -');

interface AskedDays {
  readonly days_back: number;
  readonly as_of?: string | undefined;
}

export const askedWindow = ({ now }: Pick<AlertPack, 'now'>, { days_back, as_of }: AskedDays): AnalysisWindow =>
  windowOf(as_of === undefined ? undefined : new Date(as_of), days_back, now());

export const AnalysisHeader = { as_of: z.string(), days_back: z.int() };

export const analysisHeader = ({ to, days }: AnalysisWindow) => ({
  as_of: new Date(to).toISOString(),
  days_back: days,
});

/** Rows whose members speak for themselves. */
export const AnalysisRows = z.array(z.looseObject({}));
export const AnalysisFigures = z.looseObject({});

/** A name from outside, as short as an answer with twenty of them needs it. */
export const shownName = (name: string): string => clean(name, 120);

export const readsAnalyses = {
  scopes: ['alerts:read'] as ['alerts:read'],
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
};

/** Where all rows are, of which an answer shows the first. */
export const RestOfRows = z
  .object({ rows: z.int(), url: z.string(), expires_at: z.string() })
  .optional()
  .describe('All rows as CSV, where there are more than shown');

/** The contract says how long objects stay there. */
const FOLDER = 'temp/analysis/';

export interface RowsFile<Row> {
  /** Of the file, before a digest of what was asked. */
  readonly name: string;
  readonly asked: unknown;
  readonly window: AnalysisWindow;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

/**
 * Writes all rows to a file, where the answer shows fewer. The same question gives the same file.
 * @param shown rows of the answer
 */
export const restOfRows = async <Row>(
  pack: Pick<AlertPack, 'objects'>,
  { name, asked, window, columns, rows }: RowsFile<Row>,
  shown: number,
): Promise<{ rest?: z.input<typeof RestOfRows> }> => {
  if (rows.length <= shown) return {};
  const key = `${FOLDER}${name}-${digest([asked, window.from, window.to]).slice(0, 32)}.csv`;
  await pack.objects.put(key, csv(columns, rows), { contentType: csvType });
  const fileName = `${name} ${new Date(window.to).toISOString().slice(0, 10)}.csv`;
  const link = await pack.objects.link(key, { readers: { scope: 'alerts:read' }, fileName });
  return { rest: { rows: rows.length, url: link.url, expires_at: link.expiresAt } };
};

/** Columns that are called what their members are called. */
export const columnsNamed = <Row extends object>(...names: (keyof Row & string)[]): Column<Row>[] =>
  names.map((name) => ({ title: name, value: (row) => cellOf(row[name]) }));

const cellOf = (value: unknown): string | number | boolean | undefined => {
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? undefined : clean(JSON.stringify(value), 1000);
};
