import type { Spend } from '../cost/costs.ts';
import type { Resource } from '../estate/estate.ts';
import { defaultPolicy } from '../policy/policy.ts';
import { evaluate, qualityOf } from './evaluate.ts';
import { scoreOf } from './score.ts';

const [one, two] = ['111111111111', '222222222222'] as const;
const bucket = (accountId: string): Resource => ({
  arn: `arn:aws:s3:::bucket-${accountId}`,
  type: 's3:bucket',
  accountId,
  region: 'us-east-1',
  id: `bucket-${accountId}`,
  tags: {},
  state: 'available',
  createdAt: null,
});
const spend = (accounts: readonly string[], failed: readonly string[] = []): Spend => ({
  period: { start: '2026-10-21', end: '2026-11-20' },
  lines: accounts.map((accountId) => ({ accountId, service: 'Amazon Simple Storage Service', usd: 40 })),
  byResource: new Map(),
  byName: [],
  failures: failed.map((accountId) => ({ accountId, code: 'access_denied', message: 'x' })),
});
const judge = (told: Spend | undefined, costsAsked = true) =>
  evaluate(
    {
      slices: [one, two].map((accountId) => ({
        accountId,
        region: 'us-east-1',
        type: 's3:bucket',
        count: 1,
        resources: () => [bucket(accountId)],
      })),
      failures: [],
      spend: told,
      costsAsked,
      enabled: ['s3:bucket'],
      extent: { accounts: [one, two], regions: ['us-east-1'], types: ['s3:bucket'] },
      wholeAccounts: false,
      named: new Set(),
    },
    defaultPolicy(),
  );

describe('an evaluation', () => {
  it('adds up the gaps of accounts whose spend is known', async () => {
    expect(await judge(spend([one, two]))).toMatchObject({ gap: 80, costQuality: 'complete', violationCount: 6 });
  });

  it('knows no gap of the whole when one account’s spend is unknown, and still that of the other', async () => {
    const result = await judge(spend([one], [two]));
    expect(result).toMatchObject({ gap: null, costQuality: 'partial' });
    expect([...result.gaps].map(([account, gap]) => [account, gap.attribution_gap])).toEqual([[one, 40]]);
    expect(Array.from(result.each(), (each) => each.cost?.usd ?? null)).toEqual([40, null]);
  });

  it('tells costs that failed from costs nobody asked for', async () => {
    expect(await judge(undefined)).toMatchObject({ gap: null, costQuality: 'failed' });
    expect(await judge(undefined, false)).toMatchObject({ gap: null, costQuality: 'not_requested' });
  });
});

it('a scan is complete, partial or failed by what could be read', () => {
  const failure = { accountId: one, code: 'throttled', message: 'x' };
  expect([qualityOf([], 0), qualityOf([failure], 3), qualityOf([failure], 0)]).toEqual([
    'complete',
    'partial',
    'failed',
  ]);
});

describe('a sum over accounts', () => {
  const owned = { CostCenter: 'a', Owner: 'a', Environment: 'a' };
  /** Accounts by how many of their buckets are compliant, and of how many. */
  const sumOf = async (accounts: Readonly<Record<string, readonly [number, number]>>) => {
    const slices = Object.entries(accounts).map(([accountId, [compliant, total]]) => ({
      accountId,
      region: 'us-east-1',
      type: 's3:bucket' as const,
      count: total,
      resources: () =>
        Array.from({ length: total }, (_, at) => ({ ...bucket(accountId), tags: at < compliant ? owned : {} })),
    }));
    const extent = { accounts: Object.keys(accounts), regions: ['us-east-1'], types: ['s3:bucket' as const] };
    const enabled = ['s3:bucket' as const];
    const none = {
      failures: [],
      enabled,
      spend: undefined,
      costsAsked: false,
      wholeAccounts: false,
      named: new Set<never>(),
    };
    return evaluate({ ...none, slices, extent }, defaultPolicy());
  };

  it('worked example 2: nothing to judge is no data, and weighs nothing in the sum', async () => {
    expect(scoreOf((await sumOf({ [one]: [0, 0] })).counts)).toEqual({
      compliance_status: 'no_data',
      compliance_score: null,
      compliance_score_compat: 1,
    });
    const sum = await sumOf({ [one]: [0, 0], [two]: [3, 4] });
    expect(scoreOf(sum.counts).compliance_score).toBe(0.75);
  });

  it('worked example 3: 1769 of 2490 is .7104, not the mean of the scores', async () => {
    const { counts, folded } = await sumOf({ [one]: [900, 1250], [two]: [579, 890], '333333333333': [290, 350] });
    expect(counts).toEqual({ total: 2490, compliant: 1769 });
    expect(scoreOf(counts).compliance_score).toBe(0.7104);
    expect([...folded.byAccount.values()].map((each) => scoreOf(each).compliance_score)).toEqual([
      0.72, 0.6506, 0.8286,
    ]);
  });
});
