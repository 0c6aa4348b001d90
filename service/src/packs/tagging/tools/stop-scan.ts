import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';

export const stopScan = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'stop_scan',
    title: 'Stop scan',
    description: 'Stops a scan of yours that goes on after its call (scan_job), when nobody needs the result any more.',
    scopes: ['tag:read'],
    input: z.strictObject({
      scan_id: z
        .string()
        .regex(/^[0-9a-f-]{32,36}$/, 'must be the scan_id of a scan_job')
        .describe('scan_id of the scan_job'),
    }),
    output: z.object({ scan_id: z.string(), status: z.literal('stopped') }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ scan_id }, { caller }) => {
      if (pack.longScans === undefined) throw new CountersignError('not_found', 'There is no such scan.');
      await pack.longScans.stop(scan_id, caller.personId);
      return { scan_id, status: 'stopped' as const };
    },
  });
