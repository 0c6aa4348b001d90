/**
 * What a scan that is a job has read, as rows of the job: written as it comes, so that another task goes on where this one
 * stopped, and any task shows the result. A batch of slices is one text in rows of a size both engines take.
 */
import { z } from 'zod';
import { taggableTypeNames } from '../../../../../contracts/packs/tagging.ts';
import type { Jobs } from '../../../ports/jobs.ts';
import { costSources, type Spend } from '../cost/costs.ts';
import { storedSlice } from './packed-slice.ts';
import type { EarlierSlice } from './slices.ts';

/** Characters of one row: DynamoDB takes items up to 400 KB. */
const ROW = 250_000;
/** Rows of one write: DynamoDB takes transactions up to 4 MB. */
const ROWS_AT_ONCE = 12;
/** Rows of one page that is read. */
const PAGE = 10;

const Failure = z.object({
  accountId: z.string(),
  region: z.string().optional(),
  type: z.enum(taggableTypeNames).optional(),
  code: z.string(),
  message: z.string(),
});

const StoredSlice = z.object({
  accountId: z.string(),
  region: z.string(),
  type: z.enum(taggableTypeNames),
  at: z.string(),
  failure: Failure.optional(),
  data: z.string(),
});

const StoredSpend = z.object({
  period: z.object({ start: z.string(), end: z.string() }),
  lines: z.array(z.object({ accountId: z.string(), service: z.string(), usd: z.number() })),
  byResource: z.array(z.tuple([z.string(), z.object({ usd: z.number(), source: z.enum(costSources) })])),
  byName: z.array(z.object({ accountId: z.string(), service: z.string(), name: z.string(), usd: z.number() })),
  failures: z.array(Failure),
  estimated: z.boolean().optional(),
});

const Batch = z.object({
  /** What had been written to tags when the try began that read this. */
  written: z.string(),
  slices: z.array(StoredSlice),
  spend: StoredSpend.optional(),
});

const Part = z.object({ of: z.int(), text: z.string() });

export interface KeptBatch {
  readonly written: string;
  readonly slices: readonly EarlierSlice[];
  readonly spend?: Spend;
}

const textOf = ({ written, slices, spend }: KeptBatch): string =>
  JSON.stringify({
    written,
    slices: slices.map(({ accountId, region, type, at, failure, packed }) => ({
      ...{ accountId, region, type, at, failure },
      data: packed.toString('base64'),
    })),
    ...(spend !== undefined && { spend: { ...spend, byResource: [...spend.byResource] } }),
  });

const numbered = (number: number, digits: number): string => String(number).padStart(digits, '0');

/**
 * The rows of a batch, by place, in as many writes as they take. A batch counts once all of its rows are there.
 * @param number of the batch, greater than those of earlier tries
 * @param tryId no other try has it: rows of two tries never make one batch
 */
export const batchRows = (batch: KeptBatch, number: number, tryId: string): Record<string, unknown>[] => {
  const text = textOf(batch);
  const of = Math.ceil(text.length / ROW);
  const prefix = `${numbered(number, 6)}-${tryId}`;
  const rows = Array.from({ length: of }, (_, at): [string, unknown] => [
    `${prefix}-${numbered(at, 4)}`,
    { of, text: text.slice(at * ROW, (at + 1) * ROW) },
  ]);
  return Array.from({ length: Math.ceil(of / ROWS_AT_ONCE) }, (_, at) =>
    Object.fromEntries(rows.slice(at * ROWS_AT_ONCE, (at + 1) * ROWS_AT_ONCE)),
  );
};

const batchIn = (text: string): KeptBatch => {
  const { written, slices, spend } = Batch.parse(JSON.parse(text));
  return {
    written,
    slices: slices.map(({ at, failure, data, ...place }) => {
      const packed = Buffer.from(data, 'base64');
      return { ...storedSlice(place, packed), packed, at, ...(failure !== undefined && { failure }) };
    }),
    ...(spend !== undefined && { spend: { ...spend, byResource: new Map(spend.byResource) } }),
  };
};

/** The batches of a job that are whole, in the order they were written. */
export async function* batchesOf(
  jobs: Pick<Jobs, 'results'>,
  jobId: string,
): AsyncGenerator<KeptBatch & { readonly number: number }> {
  let cursor: string | undefined;
  let open = { prefix: '', of: 0, texts: [] as string[] };
  do {
    const page = await jobs.results(jobId, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const { place, record } of page?.items ?? []) {
      const { of, text } = Part.parse(record);
      const prefix = place.slice(0, place.lastIndexOf('-'));
      if (prefix !== open.prefix) open = { prefix, of, texts: [] };
      open.texts.push(text);
      if (open.texts.length === open.of) yield { ...batchIn(open.texts.join('')), number: Number(prefix.slice(0, 6)) };
    }
    cursor = page?.cursor;
  } while (cursor !== undefined);
}
