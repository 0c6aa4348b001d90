/** Violations of a scan as a file, row by row: nothing but what is written at the moment is held, but for Excel's form. */
import { randomUUID } from 'node:crypto';
import type { Person } from '../../../auth/caller.ts';
import { csv, csvType } from '../../../files/csv.ts';
import type { Column } from '../../../files/sheet.ts';
import { xlsx, xlsxType } from '../../../files/xlsx.ts';
import type { ObjectBody, Objects } from '../../../ports/objects.ts';
import { clean } from '../../../untrusted.ts';
import type { Scan } from '../scan/scan.ts';
import { type FoundViolation, type Severity, violationsOf } from './breakdown.ts';
import { EXPORTS, type ExportNote, keepNote } from './exports.ts';
import { violationOf } from './violation.ts';

export const exportFormats = ['csv', 'xlsx', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportFilters {
  readonly severity: Severity;
  /** Undefined: all that were scanned. */
  readonly resourceTypes: readonly string[] | undefined;
}

/** The violations that the filters let pass, counted as they pass by. */
export class ExportedRows implements Iterable<FoundViolation> {
  count = 0;
  readonly #scan: Scan;
  readonly #filters: ExportFilters;

  constructor(scan: Scan, filters: ExportFilters) {
    this.#scan = scan;
    this.#filters = filters;
  }

  *[Symbol.iterator](): Generator<FoundViolation> {
    const { severity, resourceTypes } = this.#filters;
    for (const resource of this.#scan.each()) {
      if (resourceTypes !== undefined && !resourceTypes.includes(resource.type)) continue;
      for (const finding of violationsOf(resource, severity)) {
        this.count += 1;
        yield { resource, finding };
      }
    }
  }
}

// Thirteen columns: an Excel file of them has room for fifteen thousand violations.
const columnsOf = (scan: Scan): readonly Column<FoundViolation>[] => [
  { title: 'Resource', value: ({ resource }) => clean(resource.arn, 1100) },
  { title: 'Type', value: ({ resource }) => resource.type },
  { title: 'Account', value: ({ resource }) => resource.accountId },
  { title: 'Region', value: ({ resource }) => resource.region },
  { title: 'Violation', value: ({ finding }) => finding.violationType },
  { title: 'Tag', value: ({ finding }) => clean(finding.tagName) },
  { title: 'Severity', value: ({ finding }) => finding.severity },
  { title: 'Current value', value: ({ finding }) => finding.currentValue && clean(finding.currentValue) },
  { title: 'Allowed values', value: ({ finding }) => finding.allowedValues?.join(', ') },
  { title: 'USD a month of the resource', value: ({ resource }) => resource.cost?.usd },
  { title: 'Cost source', value: ({ resource }) => resource.cost?.source },
  { title: 'Scanned', value: () => scan.timestamp },
  { title: 'Policy', value: () => scan.policyVersion },
];

/** About how much text is handed on at a time. */
const CHUNK = 16_384;

/** A list, one entry a line. */
async function* json(rows: Iterable<FoundViolation>): AsyncGenerator<string> {
  let chunk = '[';
  let first = true;
  for (const row of rows) {
    chunk += `${first ? '\n' : ',\n'}${JSON.stringify(violationOf(row))}`;
    first = false;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}\n]\n`;
}

const bodyOf = async (scan: Scan, rows: ExportedRows, format: ExportFormat): Promise<[ObjectBody, string]> => {
  if (format === 'json') return [json(rows), 'application/json'];
  if (format === 'xlsx') return [await xlsx(columnsOf(scan), rows), xlsxType];
  return [csv(columnsOf(scan), rows), csvType];
};

export interface ViolationsExport {
  readonly key: string;
  readonly rows: number;
}

export interface ExportRequest {
  readonly filters: ExportFilters;
  readonly format: ExportFormat;
  /** What it is called when it is saved. */
  readonly fileName: string;
  /** Who asked for it. */
  readonly by: Pick<Person, 'personId' | 'name'>;
}

const noteOf = (scan: Scan, { filters, fileName, by }: ExportRequest, rows: number): ExportNote => ({
  by: { personId: by.personId, name: by.name },
  fileName,
  rows,
  filters: {
    severity: filters.severity,
    ...(filters.resourceTypes !== undefined && { resourceTypes: [...filters.resourceTypes] }),
  },
  scan: {
    timestamp: scan.timestamp,
    policyVersion: scan.policyVersion,
    quality: scan.quality,
    accounts: scan.extent.accounts.length,
    regions: scan.extent.regions.length,
    types: scan.extent.types.length,
  },
});

/** @throws too_large for an Excel file of more cells than one holds */
export const writeExport = async (
  objects: Objects,
  scan: Scan,
  request: ExportRequest,
  now: Date,
): Promise<ViolationsExport> => {
  const { filters, format } = request;
  const rows = new ExportedRows(scan, filters);
  const [body, contentType] = await bodyOf(scan, rows, format);
  const key = `${EXPORTS}${now.toISOString().slice(0, 10)}-${randomUUID()}.${format}`;
  await objects.put(key, body, { contentType, ifNoneMatch: '*' });
  await keepNote(objects, key, noteOf(scan, request, rows.count));
  return { key, rows: rows.count };
};
