import { z } from 'zod';
import { NextCursor, pageInput, pageOf, type Rank } from '../../../mcp/paging.ts';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { driftSeverities, driftTypes, type TagDrift } from '../drift/compare.ts';
import { type DriftReport, detectDrift } from '../drift/detect.ts';
import { attributionKey, MOST_ATTRIBUTED } from '../drift/trail.ts';
import type { Failure } from '../estate/estate.ts';
import { MultiAccount, multiAccount, ScanHeader, scanHeader } from '../reports/report.ts';
import { answerOrJob, scanOrJob } from '../scan/answer-scan.ts';
import { extentInput } from '../scan/extent.ts';
import { scanSteps } from '../scan/scan-steps.ts';
import { completeScan, completeTags, extentOf, type TaggingPack } from '../scan/scan-tool.ts';

const Drift = z.object({
  resource_arn: z.string(),
  resource_type: z.string(),
  account_id: z.string(),
  region: z.string(),
  tag: z.string(),
  drift_type: z.enum(driftTypes),
  old_value: z.string().nullable(),
  new_value: z.string().nullable(),
  severity: z.enum(driftSeverities).describe('critical: a required tag was removed. warning: it was changed'),
  changed_at: z.string().nullable(),
  changed_by: z.string().nullable().describe('null: not known'),
});

const rankOf = ({ severity, resource, tag }: TagDrift): Rank => [driftSeverities.indexOf(severity), resource.arn, tag];

const shown = (value: string | null): string | null => (value === null ? null : clean(value));

const driftOf =
  ({ writers }: DriftReport) =>
  (drift: TagDrift): z.input<typeof Drift> => {
    const { resource, tag, driftType, oldValue, newValue, severity } = drift;
    const writer = writers.get(attributionKey(drift));
    return {
      resource_arn: clean(resource.arn, 1100),
      resource_type: resource.type,
      account_id: resource.accountId,
      region: resource.region,
      tag: clean(tag),
      drift_type: driftType,
      old_value: shown(oldValue),
      new_value: shown(newValue),
      severity,
      changed_at: writer?.at ?? null,
      changed_by: writer?.by == null ? null : clean(writer.by, 500),
    };
  };

/** Places of one answer. */
const MOST_FAILURES = 5;
const told = ({ accountId, region, message }: Failure): string =>
  clean([accountId, region, message].filter((part) => part !== undefined).join(' '), 500);

const noBaseline =
  'Nothing to compare with: no complete scan of these days kept the tags of each resource. Call check_tag_compliance with store_snapshot=true now, or schedule an audit, and ask again later.';

export const detectTagDrift = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'detect_tag_drift',
    title: 'Detect tag drift',
    description:
      'Compares tags with the earliest snapshot of the last days: which required tags were removed, changed or added, by whom and when.',
    scopes: ['tag:read'],
    input: z.strictObject({
      lookback_days: z.int().min(1).max(90).default(7).describe('Days'),
      threshold: z.int().min(1).max(100_000).default(5).describe('Drifts that are too many'),
      tag_keys: z
        .array(z.string().min(1).max(128))
        .min(1)
        .max(50)
        .optional()
        .describe('Exact in their case. Left out: the required ones'),
      force_refresh: z.boolean().default(false).describe('Read everything again'),
      ...extentInput,
      ...pageInput,
    }),
    output: answerOrJob({
      status: z.enum(['compared', 'no_baseline']),
      note: z.string().optional(),
      ...ScanHeader,
      baseline_timestamp: z.string().nullable(),
      total_drifts: z.number(),
      drifts_by_severity: z.object({ critical: z.number(), warning: z.number(), info: z.number() }),
      threshold_exceeded: z.boolean(),
      resources_new: z.number().nullable().describe('null without a snapshot'),
      resources_deleted: z.number().nullable(),
      drift_detected: z.array(Drift).describe('This page, the gravest first'),
      next_cursor: NextCursor,
      attribution: z
        .object({ looked_up: z.number(), known: z.number(), failures: z.array(z.string()) })
        .describe(`Who changed the gravest ${MOST_ATTRIBUTED}, by CloudTrail`),
      ...MultiAccount,
      untrusted_text: UntrustedText,
    }),
    ...scanSteps(pack, false),
    complete: (argument, typed) =>
      argument === 'tag_keys' ? completeTags(pack, typed) : completeScan(pack, argument, typed),
    run: async (input, context) => {
      const resolved = await extentOf(pack, input, context);
      const asked = { input, resolved, costs: false, fresh: input.force_refresh, snapshot: false };
      const found = await scanOrJob(pack, asked, context);
      if (found.kind === 'running') return found.answer;
      const { scan, cached, cursor } = found;
      const window = { days: input.lookback_days, keys: input.tag_keys };
      const report = await detectDrift(pack, scan, window, context);
      const { drifts, baseline, writers, failures, lookedUp } = report;
      const { items, next_cursor } = pageOf(drifts, rankOf, driftOf(report), { limit: input.limit, cursor });
      const count = (severity: TagDrift['severity']) => drifts.filter((each) => each.severity === severity).length;
      return {
        ...(baseline === null
          ? ({ status: 'no_baseline', note: noBaseline } as const)
          : ({ status: 'compared' } as const)),
        ...scanHeader(scan, cached),
        baseline_timestamp: baseline,
        total_drifts: drifts.length,
        drifts_by_severity: { critical: count('critical'), warning: count('warning'), info: count('info') },
        threshold_exceeded: drifts.length >= input.threshold,
        resources_new: report.resourcesNew,
        resources_deleted: report.resourcesDeleted,
        drift_detected: items,
        ...found.goOn(next_cursor),
        ...found.job,
        attribution: {
          looked_up: lookedUp,
          known: writers.size,
          failures: failures.slice(0, MOST_FAILURES).map(told),
        },
        ...(resolved.multiAccount ? multiAccount(scan, resolved.accounts, 'all') : {}),
        untrusted_text: [
          'drift_detected[].resource_arn',
          'drift_detected[].tag',
          'drift_detected[].old_value',
          'drift_detected[].new_value',
          'drift_detected[].changed_by',
        ],
      };
    },
  });
