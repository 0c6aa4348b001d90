import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { Severity } from '../reports/breakdown.ts';
import { removeOld } from '../reports/exports.ts';
import { MultiAccount, multiAccount, ScanHeader, scanHeader } from '../reports/report.ts';
import { exportFormats, writeExport } from '../reports/violations-file.ts';
import { answerOrJob, scanOrJob } from '../scan/answer-scan.ts';
import { extentInput } from '../scan/extent.ts';
import type { Scan } from '../scan/scan.ts';
import { scanSteps } from '../scan/scan-steps.ts';
import { extentOf, type TaggingPack } from '../scan/scan-tool.ts';

const Filters = z.strictObject({
  severity: Severity.default('all'),
  resource_types: z.array(z.string().max(50)).min(1).max(52).optional(),
});

/** The file is handed on without this answer, so its name says what it lacks. */
const fileName = ({ timestamp, quality }: Scan, format: string): string =>
  `Violations ${timestamp.slice(0, 10)}${quality === 'complete' ? '' : ' (partial)'}.${format}`;

/** @throws upstream_error: an empty file would say that nothing is wrong */
const refuseUnread = ({ quality, failures: [first] }: Scan): void => {
  if (quality !== 'failed') return;
  const why = clean(first?.message ?? '', 500);
  throw new CountersignError('upstream_error', `Nothing could be read, so no file was written. ${why}`.trim());
};

/** Before the scan, which is paid for. @throws invalid_input for a type that it would not look at */
const checkFilter = (asked: readonly string[] | undefined, scanned: readonly string[]): void => {
  const strange = asked?.find((type) => !scanned.includes(type));
  if (strange === undefined) return;
  throw new CountersignError(
    'invalid_input',
    `filters.resource_types: ${clean(strange)} is not scanned. Scanned: ${scanned.join(', ')}.`,
  );
};

export const exportViolationsCsv = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'export_violations_csv',
    title: 'Export violations to a file',
    description:
      'Writes all violations to a file for spreadsheets. Give the person export_url: whoever opens it signs in.',
    scopes: ['tag:read'],
    input: z.strictObject({
      ...extentInput,
      filters: Filters.prefault({}).describe('Which of them'),
      format: z.enum(exportFormats).default('csv').describe('xlsx: at most 15,000 rows'),
      cursor: z.string().max(3000).optional().describe('next_cursor of a scan that still runs'),
    }),
    output: answerOrJob({
      ...ScanHeader,
      export_url: z.string(),
      expires_at: z.string(),
      row_count: z.number(),
      format: z.enum(exportFormats),
      ...MultiAccount,
      next_cursor: z.string().optional(),
      untrusted_text: UntrustedText,
    }),
    ...scanSteps(pack, true),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    run: async (input, context) => {
      const { objects } = pack;
      if (objects === undefined) throw new CountersignError('not_found', 'Files are not kept here.');
      const resolved = await extentOf(pack, input, context);
      checkFilter(input.filters.resource_types, resolved.extent.types);
      const found = await scanOrJob(pack, { input, resolved, costs: true, fresh: false, snapshot: false }, context);
      if (found.kind === 'running') return found.answer;
      const { scan, cached } = found;
      if (!found.recorded) await pack.scans.record(scan, { snapshot: false });
      refuseUnread(scan);
      const filters = { severity: input.filters.severity, resourceTypes: input.filters.resource_types };
      const request = { filters, format: input.format, fileName: fileName(scan, input.format), by: context.caller };
      const { key, rows } = await writeExport(objects, scan, request, pack.now());
      const link = await objects.link(key, { readers: { scope: 'tag:read' }, fileName: request.fileName });
      // The file is there, whatever becomes of older ones.
      await removeOld(objects, pack.now()).catch((error: unknown) =>
        context.log.warn({ err: error }, 'old exports were not removed; the next export tries again'),
      );
      return {
        ...scanHeader(scan, cached),
        export_url: link.url,
        expires_at: link.expiresAt,
        row_count: rows,
        format: input.format,
        ...(resolved.multiAccount ? multiAccount(scan, resolved.accounts, input.filters.severity) : {}),
        ...found.job,
        untrusted_text: [],
      };
    },
  });
