/** A scan as it is kept: its row, and what of it is told again later. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { taggableTypeNames } from '../../../../../contracts/packs/tagging.ts';
import type { Row } from '../../../../../contracts/tables.ts';
import type { Quality } from './evaluate.ts';
import type { Scan } from './scan.ts';
import type { Counts } from './score.ts';

export const RETENTION_DAYS = 90;
export const DAY_SECONDS = 86_400;

const Inventory = z.array(z.tuple([z.string(), z.string(), z.enum(taggableTypeNames), z.number()]));

const Detail = z.object({
  extent: z.object({
    accounts: z.array(z.string()),
    regions: z.array(z.string()),
    types: z.array(z.enum(taggableTypeNames)),
  }),
  /** Resources seen per account, region and type. */
  inventory: Inventory,
  /** USD a month of an average running resource, per account and cost pool. */
  averages: z.array(z.tuple([z.string(), z.string(), z.number()])),
  /** Rows of its snapshot; 0 when no tags were kept. */
  chunks: z.number().int(),
  /** Rows of where resources are whose ARNs do not say so. Absent in rows of versions that kept none. */
  placeChunks: z.number().int().optional(),
  /** Violations that are errors. Absent in rows of versions that counted nothing else as a violation. */
  errors: z.number().int().optional(),
  /** Where and why it could not read everything, the first reason and how many more. Text from outside. */
  failure: z.string().optional(),
  /** Made up for the sandbox, not scanned. */
  sandbox: z.boolean().optional(),
});
type Detail = z.infer<typeof Detail>;

/** As the row has it: of many places the inventory is compressed, because DynamoDB takes items up to 400 KB. */
const KeptDetail = Detail.extend({ packedInventory: z.string().optional() });
type KeptDetail = z.infer<typeof KeptDetail>;

/** Places whose counts are kept as they are: about 100 KB. */
const MOST_PLACES = 2000;

const keptInventory = (inventory: Detail['inventory']): Pick<KeptDetail, 'inventory' | 'packedInventory'> =>
  inventory.length <= MOST_PLACES
    ? { inventory }
    : { inventory: [], packedInventory: gzipSync(JSON.stringify(inventory)).toString('base64') };

const inventoryOf = ({ inventory, packedInventory: packed }: KeptDetail): Detail['inventory'] =>
  packed === undefined
    ? inventory
    : Inventory.parse(JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')));

export interface StoredScan extends Detail {
  readonly scanId: string;
  readonly extentHash: string;
  readonly timestamp: string;
  readonly policyVersion: string;
  readonly quality: Quality;
  readonly score: number | null;
  readonly counts: Counts;
  readonly violationCount: number;
  readonly costGap: number | null;
}

/** A scan as it stands in the history, which may have thousands: without what it counted place by place. */
export type ScanSummary = Omit<StoredScan, 'extent' | 'inventory' | 'averages'>;

/** Read whole, and each resource's tags were kept. */
export const isSnapshot = ({ chunks, quality }: Pick<StoredScan, 'chunks' | 'quality'>): boolean =>
  chunks > 0 && quality === 'complete';

/** The row of one part of a scan's snapshot. */
export const emptyRow = (scan: Scan, scopeHash: string): Row<'scans'> => ({
  scopeHash,
  timestamp: scan.timestamp,
  scanId: scopeHash,
  policyVersion: scan.policyVersion,
  dataQuality: scan.quality,
  totalResources: 0,
  compliantResources: 0,
  violationCount: 0,
  expirationTime: Math.floor(Date.parse(scan.timestamp) / 1000) + RETENTION_DAYS * DAY_SECONDS,
});

export const scanRowOf = (scan: Scan, detail: KeptDetail): Row<'scans'> => ({
  ...emptyRow(scan, scan.extentHash),
  scanId: scan.scanId,
  totalResources: scan.counts.total,
  compliantResources: scan.counts.compliant,
  violationCount: scan.violationCount,
  ...(scan.counts.total === 0 ? {} : { score: scan.counts.compliant / scan.counts.total }),
  ...(scan.gap === null ? {} : { costGap: scan.gap }),
  resources: detail,
});

const numbersOf = (row: Row<'scans'>): Omit<StoredScan, keyof Detail> => ({
  scanId: row.scanId,
  extentHash: row.scopeHash,
  timestamp: row.timestamp,
  policyVersion: row.policyVersion,
  quality: z.enum(['complete', 'partial', 'failed']).parse(row.dataQuality),
  score: row.score ?? null,
  counts: { total: row.totalResources, compliant: row.compliantResources },
  violationCount: row.violationCount,
  costGap: row.costGap ?? null,
});

export const scanFromRow = (row: Row<'scans'>): StoredScan => {
  const { packedInventory, ...detail } = KeptDetail.parse(row.resources);
  return { ...detail, inventory: inventoryOf({ ...detail, packedInventory }), ...numbersOf(row) };
};

export const summaryFromRow = (row: Row<'scans'>): ScanSummary => {
  const {
    extent: _,
    inventory: _counts,
    packedInventory: _packed,
    averages: _usd,
    ...rest
  } = KeptDetail.parse(row.resources);
  return { ...rest, ...numbersOf(row) };
};

export const scanDetailOf = (scan: Scan): Omit<KeptDetail, 'chunks'> => {
  const { accounts, regions, types } = scan.extent;
  return {
    extent: { accounts: [...accounts], regions: [...regions], types: [...types] },
    ...keptInventory(scan.folded.inventory.map((place) => [...place])),
    errors: scan.errorCount,
    averages: scan.folded.averages.map((average) => [...average]),
    ...failureIn(scan),
  };
};

const failureIn = ({ failures: [first, ...others] }: Scan): { failure?: string } => {
  if (first === undefined) return {};
  const where = [first.accountId, first.region, first.type].filter((part) => part !== undefined).join(' ');
  const more = others.length === 0 ? '' : ` And ${others.length} more.`;
  return { failure: `${where}: ${first.message}${more}` };
};
