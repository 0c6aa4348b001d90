/** Parts that the results of all scan tools share: schemas, and how a scan fills them. */
import { z } from 'zod';
import { clean } from '../../../untrusted.ts';
import { costSources } from '../cost/costs.ts';
import type { Account, Failure } from '../estate/estate.ts';
import type { Scan } from '../scan/scan.ts';
import { complianceStatuses, scoreOf } from '../scan/score.ts';
import { type Severity, violationCount } from './breakdown.ts';

const FailureEntry = z
  .object({
    account_id: z.string(),
    region: z.string().optional(),
    resource_type: z.string().optional(),
    code: z.string(),
    message: z.string(),
  })
  .meta({ id: 'Failure' });

export const DataQuality = z
  .object({
    status: z
      .enum(['complete', 'partial', 'failed'])
      .describe('partial: something could not be read. failed: nothing could; then counts of 0 mean nothing'),
    failed_accounts: z.array(FailureEntry),
    failed_regions: z.array(FailureEntry),
    failed_types: z.array(FailureEntry),
    failures_not_shown: z.number().optional().describe('Further entries of the lists here'),
    cost_data: z.enum(['complete', 'partial', 'failed', 'not_requested']),
    failed_costs: z.array(FailureEntry).optional().describe('Why costs are not complete'),
    unread_spend: z
      .number()
      .nullable()
      .optional()
      .describe('USD of services whose resources could not all be read: nobody knows who carries it; in no gap'),
    // Of the policy, by why: how many, and the first of them. get_tagging_policy tells all.
    types_not_scanned: z.record(z.string(), z.json()).optional(),
  })
  .describe('What the numbers rest on');

const entry = ({ accountId, region, type, code, message }: Failure) => ({
  account_id: accountId,
  ...(region === undefined ? {} : { region }),
  ...(type === undefined ? {} : { resource_type: type }),
  code,
  message: clean(message),
});

/** Types that an answer names for each reason. */
const MOST_TYPES = 2;

const typesNotScanned = ({ notScanned }: Scan) => {
  const told = Object.entries(notScanned).map(([why, types]) => [
    why,
    { count: types.length, first: types.slice(0, MOST_TYPES) },
  ]);
  return told.length === 0 ? {} : { types_not_scanned: Object.fromEntries(told) };
};

/** Entries of one list of failures; fifty accounts in twenty regions may all fail. */
const MOST_FAILURES = 5;

export const dataQuality = (scan: Scan): z.input<typeof DataQuality> => {
  const lists = [
    wholeAccounts(scan.failures),
    scan.failures.filter((each) => each.region !== undefined && each.type === undefined),
    scan.failures.filter((each) => each.type !== undefined),
    costFailures(scan),
  ];
  const [failed_accounts = [], failed_regions = [], failed_types = [], failed_costs = []] = lists.map((list) =>
    list.slice(0, MOST_FAILURES).map(entry),
  );
  const hidden = lists.reduce((sum, list) => sum + Math.max(0, list.length - MOST_FAILURES), 0);
  return {
    status: scan.quality,
    failed_accounts,
    failed_regions,
    failed_types,
    ...(hidden > 0 ? { failures_not_shown: hidden } : {}),
    cost_data: scan.costQuality,
    ...(scan.costFailures.length === 0 ? {} : { failed_costs }),
    ...(scan.costQuality === 'not_requested' ? {} : { unread_spend: scan.unreadSpend }),
    ...typesNotScanned(scan),
  };
};

/** Accounts that failed whole. Credentials that do not hold are one failure with one remedy, in however many accounts. */
const wholeAccounts = (failures: readonly Failure[]): Failure[] => {
  const accounts = failures.filter((each) => each.region === undefined && each.type === undefined);
  const [first, ...others] = accounts.filter((each) => each.code === 'invalid_credentials');
  if (first === undefined || others.length === 0) return accounts;
  const also = others.map((each) => each.accountId).join(', ');
  const one = { ...first, message: `${first.message} The same in ${also}.` };
  return [one, ...accounts.filter((each) => each.code !== 'invalid_credentials')];
};

/** Why costs are not known, without what is told of the same account already. */
const costFailures = ({ failures, costFailures: all }: Scan): Failure[] =>
  all.filter(
    ({ accountId, code }) =>
      code !== 'invalid_credentials' ||
      !failures.some((each) => each.accountId === accountId && each.code === code && each.type === undefined),
  );

export const ScanHeader = {
  scan_timestamp: z.string().describe('When the oldest of it was read, ISO 8601'),
  cached: z.boolean().describe('Nothing was read anew; all of it within the last hour'),
  data_quality: DataQuality,
};

export const scanHeader = (scan: Scan, cached: boolean) => ({
  scan_timestamp: scan.timestamp,
  cached,
  data_quality: dataQuality(scan),
});

export const ScoreFields = {
  compliance_status: z.enum(complianceStatuses).describe('no_data: there was nothing to judge'),
  compliance_score: z.number().nullable().describe('Compliant resources / resources, 0 to 1; null without data'),
  compliance_score_compat: z.number().describe('The same, but 1 without data. For old clients only'),
  total_resources: z.number().describe('Resources the policy concerns'),
  compliant_resources: z.number(),
};

export const CostSourceField = z
  .enum(costSources)
  .nullable()
  .describe('actual > actual_by_name > service_average > estimated; stopped costs nothing; null: unknown');

export const Breakdown = z.record(
  z.string(),
  z.object({
    compliance_score: z.number().nullable(),
    total_resources: z.number(),
    compliant_resources: z.number(),
  }),
);

export const regionalBreakdown = (scan: Scan): z.input<typeof Breakdown> =>
  Object.fromEntries(
    [...scan.folded.byRegion].map(([region, counts]) => [
      region,
      {
        compliance_score: scoreOf(counts).compliance_score,
        total_resources: counts.total,
        compliant_resources: counts.compliant,
      },
    ]),
  );

/** Present when accounts were named or more than one was scanned. */
export const MultiAccount = {
  multi_account: z.literal(true).optional(),
  accounts_scanned: z.number().optional(),
  results_by_account: z
    .record(
      z.string(),
      z.object({
        account_name: z.string(),
        compliance_score: z.number().nullable(),
        violations: z.number().describe('Counted as total_violations is'),
        total_resources: z.number(),
        cost_attribution_gap: z.number().nullable().describe('USD; null when costs are unknown'),
        error: z.string().optional().describe('Why the account could not be read whole'),
      }),
    )
    .optional(),
  accounts_not_shown: z.number().optional().describe('Further accounts, with fewer violations: name them in accounts'),
  aggregated_summary: z
    .object({
      overall_compliance: z.number().nullable().describe('Sum of compliant / sum of resources, not a mean of scores'),
      total_violations: z.number(),
      total_resources: z.number(),
      total_cost_attribution_gap: z.number().nullable(),
    })
    .optional(),
};

type MultiAccountFields = z.input<z.ZodObject<typeof MultiAccount>>;

const errorOf = (scan: Scan, accountId: string): { error?: string } => {
  const failures = scan.failures.filter((failure) => failure.accountId === accountId);
  const [first] = failures;
  if (first === undefined) return {};
  return {
    error: `${first.code}: ${clean(first.message)}${failures.length > 1 ? ` (and ${failures.length - 1} more)` : ''}`,
  };
};

/** Accounts of one answer. */
const MOST_ACCOUNTS = 10;

export const multiAccount = (scan: Scan, accounts: readonly Account[], severity: Severity): MultiAccountFields => {
  const results = accounts.map(({ accountId, name }) => {
    const own = scan.folded.byAccount.get(accountId) ?? { total: 0, compliant: 0, errors: 0, warnings: 0 };
    return [
      accountId,
      {
        account_name: clean(name),
        compliance_score: scoreOf(own).compliance_score,
        violations: violationCount(own, severity),
        total_resources: own.total,
        cost_attribution_gap: scan.gaps.get(accountId)?.attribution_gap ?? null,
        ...errorOf(scan, accountId),
      },
    ] as const;
  });
  const most = results.toSorted(([, a], [, b]) => b.violations - a.violations).slice(0, MOST_ACCOUNTS);
  const shown = results.filter((each) => most.includes(each));
  return {
    multi_account: true,
    accounts_scanned: accounts.length,
    results_by_account: Object.fromEntries(shown),
    ...(shown.length < results.length ? { accounts_not_shown: results.length - shown.length } : {}),
    aggregated_summary: {
      overall_compliance: scoreOf(scan.counts).compliance_score,
      total_violations: results.reduce((total, [, each]) => total + each.violations, 0),
      total_resources: scan.counts.total,
      total_cost_attribution_gap: scan.gap,
    },
  };
};
