import { contextFor, countingMetrics } from '../../../../test/estate/pack.ts';
import { type Bill, type BillLine, type CostExplorer, openCostExplorer } from '../../../../test/rigs/cost-explorer.ts';
import { parseMoney } from '../../../measures/money.ts';
import { allocate, type CostResource } from '../cost/allocation.ts';
import { accountGap } from '../cost/cost-gap.ts';
import { incompleteFrom, lastDays, type SpendRequest } from '../cost/costs.ts';
import { createClients } from './clients.ts';
import { createAwsCosts } from './costs.ts';
import { type AwsSettings, createSessions, type Sessions } from './sessions.ts';

const [payer, member] = ['111111111111', '222222222222'] as const;
const compute = 'Amazon Elastic Compute Cloud - Compute';
const s3 = 'Amazon Simple Storage Service';
const now = new Date('2026-11-20T09:00:00Z');
const month: SpendRequest = { accounts: [payer, member], regions: ['us-east-1'], period: lastDays(now, 30) };

const line = (service: string, usd: number, more: Partial<BillLine> = {}): BillLine => ({
  day: '2026-11-10',
  account: payer,
  service,
  usd,
  ...more,
});

let explorer: CostExplorer;

const open = async (lines: readonly BillLine[], bill: Partial<Bill> = {}) => {
  explorer = await openCostExplorer({ now, payer, lines: [...lines], ...bill }, (key) =>
    key.startsWith('AKIA2') ? member : payer,
  );
  const settings: AwsSettings = {
    region: 'eu-west-1',
    endpoint: explorer.url,
    accounts: [payer, member],
    regions: ['us-east-1'],
    roleName: 'Audit',
  };
  const { metrics } = countingMetrics();
  const expiration = new Date('2099-01-01T00:00:00Z');
  const sessions: Sessions = {
    ...createSessions(settings, metrics, () => now, 10_000),
    own: async () => ({ accountId: payer, partition: 'aws' }),
    credentials: async (accountId) => ({
      accessKeyId: `AKIA${accountId}`,
      secretAccessKey: 'x',
      sessionToken: 'x',
      expiration,
    }),
  };
  const clients = createClients(settings, sessions);
  const timeouts = { callMs: 5_000, regionMs: 5_000 };
  const costs = createAwsCosts({ sessions, clients, metrics, timeouts, settings, now: () => now });
  const spend = (request: Partial<SpendRequest> = {}) => costs.spend({ ...month, ...request }, contextFor());
  return { costs, spend };
};
afterEach(() => explorer.close());

const linesOf = (lines: readonly { accountId: string; service: string; usd: number }[]) =>
  Object.fromEntries(lines.map(({ accountId, service, usd }) => [`${accountId} ${service}`, usd]));

describe('costs of AWS', () => {
  it('are told for all accounts by the one that pays, per account and service, in one report', async () => {
    const { spend, costs } = await open([line(s3, 10), line(s3, 5, { account: member }), line('Tax', 2)]);
    const told = await spend();
    expect(linesOf(told.lines)).toEqual({ [`${payer} ${s3}`]: 10, [`${member} ${s3}`]: 5, [`${payer} Tax`]: 2 });
    expect(explorer.requests.map(({ asker }) => asker)).toEqual([payer]);
    expect(explorer.requests[0]?.input).toMatchObject({
      GroupBy: [
        { Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' },
        { Type: 'DIMENSION', Key: 'SERVICE' },
      ],
    });
    expect(costs.price(month).requests).toBe(3);
  });

  it('ask each account that the own one does not tell of', async () => {
    const { spend } = await open([line(s3, 10), line(s3, 5, { account: member })], { payer: 'none' });
    expect(linesOf((await spend()).lines)).toEqual({ [`${payer} ${s3}`]: 10, [`${member} ${s3}`]: 5 });
    expect(explorer.requests.map(({ asker }) => asker)).toEqual([payer, member]);
  });

  it('leave out credits and refunds, other regions and the day on which the period ends, and keep what has no region', async () => {
    const { spend } = await open([
      line(s3, 10),
      line(s3, -4, { record: 'Credit' }),
      line(s3, -3, { record: 'Refund' }),
      line(s3, 7, { region: 'mars-1' }),
      line(s3, 100, { day: '2026-11-01' }),
      line(s3, 1000, { day: '2026-10-20' }),
      line('Tax', 2, { region: 'NoRegion', record: 'Tax' }),
      line('Amazon CloudFront', 3, { region: 'global' }),
    ]);
    const period = { start: '2026-10-21', end: '2026-11-01' };
    expect((await spend({ period })).lines).toEqual([]);
    const told = await spend({ period: { start: '2026-10-21', end: '2026-11-12' } });
    expect(linesOf(told.lines)).toEqual({
      [`${payer} ${s3}`]: 110,
      [`${payer} Tax`]: 2,
      [`${payer} Amazon CloudFront`]: 3,
    });
  });

  it('are added up over months and pages, and what pages cost is foreseen the next time', async () => {
    const lines = ['2026-10-25', '2026-11-03'].flatMap((day) =>
      Array.from({ length: 5 }, (_, at) => line(`Service ${at}`, 1, { day })),
    );
    const { spend, costs } = await open(lines, { pageSize: 3 });
    const told = await spend({ accounts: [payer] });
    expect(told.lines.map(({ usd }) => usd)).toEqual([2, 2, 2, 2, 2]);
    expect(explorer.requests).toHaveLength(4);
    expect(costs.price({ ...month, accounts: [payer] })).toEqual({
      requests: 4,
      charges: [parseMoney('0.04', 'USD')],
    });
  });

  it('are foreseen to take a request less for days that are told per resource no more', async () => {
    const { costs } = await open([]);
    const year = { start: '2025-11-20', end: '2026-11-20' };
    expect([costs.price(month), costs.price({ ...month, period: year })]).toMatchObject([
      { requests: 2 * 3 },
      { requests: 2 * 2 },
    ]);
  });

  it('divide by Name what groups are tagged with, and know nothing of a tag that nobody activated', async () => {
    const lines = [line(compute, 250, { name: 'web' }), line(compute, 5, { name: 'a$b' }), line(compute, 40)];
    const names = [
      { accountId: payer, service: compute, name: 'web', usd: 250 },
      { accountId: payer, service: compute, name: 'a$b', usd: 5 },
    ];
    const { spend } = await open(lines, { resourcesRefused: 'DataUnavailableException' });
    expect((await spend()).byName).toEqual(names);
    explorer.close();
    const without = await open(lines, { nameTag: false });
    expect((await without.spend()).byName).toEqual([]);
  });

  it('of single instances are of fourteen days, stretched over the period and called estimated', async () => {
    const lines = [
      line(compute, 14, { resource: 'i-1' }),
      line(compute, 700, { resource: 'i-1', day: '2026-10-25' }),
      line(compute, 9),
    ];
    const { spend } = await open(lines);
    expect([...(await spend()).byResource]).toEqual([['i-1', { usd: 30, source: 'estimated' }]]);
    const detail = explorer.requests.find(({ action }) => action === 'GetCostAndUsageWithResources');
    expect(detail?.input).toMatchObject({ TimePeriod: { Start: '2026-11-06', End: '2026-11-20' } });
    const week = { start: '2026-11-08', end: '2026-11-15' };
    expect([...(await spend({ period: week })).byResource]).toEqual([['i-1', { usd: 14, source: 'actual' }]]);
  });

  it('of single instances are not asked for in a period that those days cannot stand for', async () => {
    const lines = [line(compute, 14, { resource: 'i-1' })];
    const { spend } = await open(lines);
    for (const period of [
      { start: '2026-08-01', end: '2026-09-01' },
      { start: '2026-07-01', end: '2026-11-20' },
    ])
      expect((await spend({ period })).byResource.size).toBe(0);
    expect(explorer.requests.map(({ action }) => action)).not.toContain('GetCostAndUsageWithResources');
  });

  it.each(['DataUnavailableException', 'AccessDeniedException', 'ValidationException'])(
    'are still told per service where costs per resource are refused with %s',
    async (resourcesRefused) => {
      const { spend } = await open([line(compute, 14, { name: 'web' })], { resourcesRefused });
      expect(await spend()).toMatchObject({ lines: [{ usd: 14 }], byName: [{ usd: 14 }], failures: [] });
    },
  );

  it('ask for no detail where there are no instances to pay', async () => {
    const { spend } = await open([line(s3, 10)]);
    await spend({ accounts: [payer] });
    expect(explorer.requests).toHaveLength(1);
  });

  it('say which amounts may change: of a month that is not closed, and of the last 48 hours', async () => {
    const { spend } = await open([
      line(s3, 10),
      line(s3, 99, { day: '2026-11-19' }),
      line(s3, 1, { day: '2026-09-05' }),
    ]);
    expect(await spend()).toMatchObject({ estimated: true, lines: [{ usd: 10 }] });
    const closed = { start: '2026-09-01', end: '2026-10-01' };
    expect(await spend({ period: closed })).toMatchObject({ estimated: false, lines: [{ usd: 1 }] });
    expect([incompleteFrom(month.period, now), incompleteFrom(closed, now)]).toEqual(['2026-11-18', undefined]);
  });

  it('in another currency are not known, and the failure names it', async () => {
    const { spend } = await open([line(s3, 10, { unit: 'CNY' })]);
    const told = await spend({ accounts: [payer] });
    expect(told.lines).toEqual([]);
    expect(told.failures).toEqual([
      expect.objectContaining({
        accountId: payer,
        code: 'currency_not_usd',
        message: expect.stringContaining('in CNY'),
      }),
    ]);
  });

  it('are asked for again after throttling', async () => {
    const { spend } = await open([line(s3, 10)], { errors: ['LimitExceededException', 'ThrottlingException'] });
    expect(await spend({ accounts: [payer] })).toMatchObject({ lines: [{ usd: 10 }], failures: [] });
    expect(explorer.requests).toHaveLength(3);
  });

  it.each([
    ['DataUnavailableException', 'costs_not_ready', 'Open Cost Explorer once'],
    ['AccessDeniedException', 'access_denied', 'cost-explorer refused'],
  ])('that fail with %s say why', async (error, code, message) => {
    const { spend } = await open([], { errors: [error] });
    expect((await spend({ accounts: [payer] })).failures).toEqual([
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    ]);
  });

  it('of a period that Cost Explorer no longer has say so', async () => {
    const { spend } = await open([]);
    const { failures } = await spend({ accounts: [payer], period: { start: '2025-10-01', end: '2025-11-01' } });
    expect(failures).toEqual([expect.objectContaining({ code: 'period_too_old' })]);
  });

  it('make the gap of worked example 4 from its bill', async () => {
    const { spend } = await open(
      [
        line(compute, 250, { name: 'web' }),
        line(compute, 350, { day: '2026-10-25' }),
        line('EC2 - Other', 100),
        line(s3, 200),
        line(s3, -50, { record: 'Credit' }),
        line('AWS Lambda', 100),
        line('Tax', 60, { record: 'Tax', region: 'NoRegion' }),
        line('AWS Support (Business)', 40, { region: 'NoRegion' }),
      ],
      { resourcesRefused: 'DataUnavailableException' },
    );
    const holding = (type: CostResource['type'], id: string, more: Partial<CostResource> = {}): CostResource => ({
      ...{ arn: id, id, type, accountId: payer, state: 'running', name: undefined },
      ...more,
    });
    const four = (type: CostResource['type']) => [1, 2, 3, 4].map((n) => holding(type, `${type}-${n}`));
    const resources = [
      holding('ec2:instance', 'i-1', { name: 'web' }),
      holding('ec2:instance', 'i-2'),
      holding('ec2:instance', 'i-3', { state: 'stopped' }),
      holding('ec2:instance', 'i-4'),
      ...four('ec2:volume'),
      ...four('s3:bucket'),
    ];
    const compliant = ['i-1', 'i-4', 'ec2:volume-1', 's3:bucket-1'];
    const allocation = allocate(payer, resources, await spend({ accounts: [payer] }), new Set());
    const judged = resources.map(({ arn }) => ({ arn, compliant: compliant.includes(arn) }));
    expect(accountGap(allocation, judged)).toMatchObject({
      total_spend: 1100,
      taggable_spend: 1000,
      attributable_spend: 500,
      attribution_gap: 500,
      attribution_gap_percentage: 50,
      unmapped_spend: 100,
    });
  });
});
