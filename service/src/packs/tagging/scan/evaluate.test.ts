import type { Spend } from '../cost/costs.ts';
import type { Resource } from '../estate/estate.ts';
import { defaultPolicy } from '../policy/policy.ts';
import { evaluate, qualityOf } from './evaluate.ts';

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
      resources: [bucket(one), bucket(two)],
      failures: [],
      spend: told,
      costsAsked,
      extent: { accounts: [one, two], regions: ['us-east-1'], types: ['s3:bucket'] },
      wholeAccounts: false,
      named: new Set(),
    },
    defaultPolicy(),
  );

describe('an evaluation', () => {
  it('adds up the gaps of accounts whose spend is known', () => {
    expect(judge(spend([one, two]))).toMatchObject({ gap: 80, costQuality: 'complete', violationCount: 6 });
  });

  it('knows no gap of the whole when one account’s spend is unknown, and still that of the other', () => {
    const result = judge(spend([one], [two]));
    expect(result).toMatchObject({ gap: null, costQuality: 'partial' });
    expect([...result.gaps].map(([account, gap]) => [account, gap.attribution_gap])).toEqual([[one, 40]]);
    expect(result.resources.map((each) => each.cost?.usd ?? null)).toEqual([40, null]);
  });

  it('tells costs that failed from costs nobody asked for', () => {
    expect(judge(undefined)).toMatchObject({ gap: null, costQuality: 'failed' });
    expect(judge(undefined, false)).toMatchObject({ gap: null, costQuality: 'not_requested' });
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
