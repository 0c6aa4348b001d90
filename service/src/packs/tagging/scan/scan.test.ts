import { firstTypeNames, type TaggableType } from '../../../../../contracts/packs/tagging/types/index.ts';
import { contextFor, countingMetrics } from '../../../../test/estate/pack.ts';
import type { Costs, Spend, SpendRequest } from '../cost/costs.ts';
import type { Estate, EstateContext, Extent, Failure, Resource, Slice } from '../estate/estate.ts';
import { defaultPolicy, fixedPolicy } from '../policy/policy.ts';
import { dataQuality } from '../reports/report.ts';
import type { ResolvedExtent } from './extent.ts';
import { createScanner, type Scan } from './scan.ts';
import { extentsOf } from './slices.ts';

const accounts = ['111111111111', '222222222222', '333333333333'];
const [a = '', b = ''] = accounts;
const regions = ['us-east-1', 'eu-west-1'];
const whole: Extent = { accounts, regions, types: firstTypeNames };
const services: Partial<Record<TaggableType, string>> = {
  'ec2:instance': 'Amazon Elastic Compute Cloud - Compute',
  'ecs:cluster': 'Amazon Elastic Container Service',
  's3:bucket': 'Amazon Simple Storage Service',
};
const perType = 3;
const bad = { Team: 'x' };

const resourcesOf = (accountId: string, region: string, type: TaggableType): Resource[] =>
  Array.from({ length: perType }, (_, at) => ({
    arn: `arn:aws:${type.replace(':', `:${region}:${accountId}:`)}/${at}`,
    type,
    accountId,
    region,
    id: String(at),
    tags: bad,
    state: 'running',
    createdAt: null,
  }));

/** An estate whose slices answer when and how the test says. */
const rig = () => {
  const listed: string[] = [];
  const aborted: string[] = [];
  const spends: SpendRequest[] = [];
  const script = {
    failure: (_slice: Pick<Slice, 'accountId' | 'region' | 'type'>): Omit<Failure, 'accountId'> | undefined =>
      undefined,
    gate: Promise.resolve(),
    hangs: (_slice: Pick<Slice, 'accountId' | 'region' | 'type'>): boolean => false,
    wait: (slice: Pick<Slice, 'accountId' | 'region' | 'type'>): Promise<void> =>
      script.hangs(slice) ? new Promise(() => {}) : script.gate,
    spendFails: new Set<string>(),
  };
  async function* list(extent: Extent, { signal }: EstateContext): AsyncGenerator<Slice> {
    signal.addEventListener('abort', () => aborted.push('list'));
    for (const accountId of extent.accounts)
      for (const region of extent.regions)
        for (const type of extent.types) {
          listed.push(`${accountId} ${region} ${type}`);
          await script.wait({ accountId, region, type });
          signal.throwIfAborted();
          const failure = script.failure({ accountId, region, type });
          const slice = { accountId, region, type };
          yield failure
            ? { ...slice, resources: [], failure: { accountId, ...failure } }
            : { ...slice, resources: resourcesOf(accountId, region, type) };
        }
  }
  const costs: Costs = {
    price: () => ({ requests: 0, charges: [] }),
    spend: async (request): Promise<Spend> => {
      spends.push(request);
      await script.gate;
      const told = request.accounts.filter((accountId) => !script.spendFails.has(accountId));
      return {
        period: request.period,
        lines: told.flatMap((accountId) => [
          ...Object.values(services).map((service) => ({ accountId, service, usd: 100.01 })),
          { accountId, service: 'Amazon Nimbus', usd: 7 },
        ]),
        byResource: new Map(),
        byName: [],
        failures: [...script.spendFails].map((accountId) => ({ accountId, code: 'throttled', message: 'x' })),
      };
    },
  };
  const unused = () => Promise.reject(new Error('not used'));
  const estate: Estate = {
    accounts: async () => accounts.map((accountId) => ({ accountId, name: accountId })),
    regions: async () => regions,
    types: () => firstTypeNames,
    list,
    read: unused,
    tag: unused,
    untag: unused,
    surroundings: unused,
  };
  const clock = { now: new Date('2026-11-20T09:00:00.000Z') };
  const { metrics } = countingMetrics();
  const scanner = createScanner({ estate, costs, policy: fixedPolicy(defaultPolicy()), metrics, now: () => clock.now });
  const scan = (
    extent: Partial<Extent> = {},
    more: { costs?: boolean; fresh?: boolean; nextPage?: boolean } = {},
    signal?: AbortSignal,
  ) =>
    scanner.scan(
      asked({ ...whole, ...extent }),
      { costs: true, fresh: false, ...more },
      contextFor('tag:read', signal),
    );
  const taken = () => listed.splice(0);
  return { scanner, scan, script, listed, taken, aborted, spends, clock };
};
const asked = (extent: Extent): ResolvedExtent => ({
  extent,
  accounts: extent.accounts.map((accountId) => ({ accountId, name: accountId })),
  named: new Set(),
  allTypes: extent.types.length === firstTypeNames.length,
  multiAccount: true,
  assumed: [],
});
const all = accounts.length * regions.length * firstTypeNames.length;
const ec2Of = (accountId: string) => (slice: { accountId: string; type: string }) =>
  slice.accountId === accountId && slice.type === 'ec2:instance';
const inCents = (usd: number | null | undefined) => Math.round((usd ?? Number.NaN) * 100);
const costOf = ({ scan }: { scan: Scan }, type: TaggableType) =>
  [...scan.each()].flatMap((each) => (each.type === type && each.accountId === a ? [[each.arn, each.cost?.usd]] : []));

describe('work of a scan', () => {
  it('is done again only for what failed', async () => {
    const { scan, script, taken, clock } = rig();
    script.failure = (slice) =>
      ec2Of(a)(slice) ? { region: slice.region, type: slice.type, code: 'http_503', message: 'x' } : undefined;
    const first = await scan();
    expect([first.scan.quality, taken().length]).toEqual(['partial', all]);
    clock.now = new Date('2026-11-20T09:20:00.000Z');
    script.failure = () => undefined;
    const second = await scan();
    expect(taken()).toEqual(regions.map((region) => `${a} ${region} ec2:instance`));
    expect(second).toMatchObject({ cached: false, scan: { quality: 'complete', timestamp: first.scan.timestamp } });
    expect((await scan()).cached).toBe(true);
    expect(taken()).toEqual([]);
  });

  it('is not done again for the next page, although something failed', async () => {
    const { scan, script, taken, spends } = rig();
    script.failure = (slice) =>
      ec2Of(a)(slice) ? { region: slice.region, type: slice.type, code: 'http_503', message: 'x' } : undefined;
    script.spendFails.add(b);
    const first = await scan();
    taken();
    spends.length = 0;
    const page = await scan({}, { nextPage: true });
    expect([taken(), spends]).toEqual([[], []]);
    expect(page.scan).toBe(first.scan);
  });

  it('is done once for five who ask at once', async () => {
    const { scan, script, taken, spends } = rig();
    const gate = Promise.withResolvers<void>();
    script.gate = gate.promise;
    const five = [scan(), scan(), scan(), scan({ accounts: [a] }), scan({}, { fresh: true })];
    await new Promise((resolve) => setTimeout(resolve, 10));
    gate.resolve();
    const answers = await Promise.all(five);
    expect(taken()).toHaveLength(all);
    expect(spends.length).toBeLessThanOrEqual(2);
    expect(answers.map(({ scan: { quality } }) => quality)).toEqual(Array.from({ length: 5 }, () => 'complete'));
    // One of those with the same question keeps it.
    expect(answers.slice(0, 3).filter((each) => !each.cached)).toHaveLength(1);
  });

  it('goes on for the others when one of them leaves, and ends when all have', async () => {
    const { scan, script, aborted } = rig();
    const gate = Promise.withResolvers<void>();
    script.gate = gate.promise;
    const [first, second] = [new AbortController(), new AbortController()];
    const leaving = scan({}, {}, first.signal);
    const staying = scan();
    first.abort();
    await expect(leaving).rejects.toMatchObject({ code: 'cancelled' });
    expect(aborted).toEqual([]);
    gate.resolve();
    expect((await staying).scan.quality).toBe('complete');

    const other = rig();
    other.script.gate = new Promise(() => {});
    const alone = other.scan({}, {}, second.signal);
    await new Promise((resolve) => setTimeout(resolve, 10));
    second.abort();
    await expect(alone).rejects.toMatchObject({ code: 'cancelled' });
    expect(other.aborted).toEqual(['list']);
  });

  it('starts anew for whoever comes after all have left', async () => {
    const { scan, script } = rig();
    script.gate = new Promise(() => {});
    const leaving = new AbortController();
    const first = scan({}, {}, leaving.signal);
    await new Promise((resolve) => setTimeout(resolve, 10));
    leaving.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    script.gate = Promise.resolve();
    expect((await scan()).scan.quality).toBe('complete');
  });

  it('serves narrower questions, and a wider one reads only what is new to it', async () => {
    const { scan, taken } = rig();
    await scan({ accounts: [a, b] });
    expect(taken()).toHaveLength((all / 3) * 2);
    expect((await scan({ accounts: [b], regions: ['eu-west-1'], types: ['s3:bucket'] })).cached).toBe(true);
    expect(taken()).toEqual([]);
    await scan();
    expect(taken()).toHaveLength(all / 3);
  });

  it('is out of date when tags were written, also what was being read then', async () => {
    const { scanner, scan, script, taken } = rig();
    const gate = Promise.withResolvers<void>();
    script.gate = gate.promise;
    const before = scan();
    await new Promise((resolve) => setTimeout(resolve, 10));
    await scanner.forget();
    gate.resolve();
    await before;
    taken();
    expect((await scan()).cached).toBe(false);
    expect(taken()).toHaveLength(all);
  });
});

describe('extents of missing slices', () => {
  it('hold exactly them, in as few listings as there are shapes', () => {
    const places = accounts.flatMap((accountId) =>
      regions.flatMap((region) => firstTypeNames.map((type) => ({ accountId, region, type }))),
    );
    expect(extentsOf(places)).toEqual([whole]);
    const some = places.filter((place) => place.accountId === a || place.type === 's3:bucket');
    expect(extentsOf(some)).toEqual([
      { accounts: [a], regions, types: firstTypeNames },
      { accounts: accounts.slice(1), regions, types: ['s3:bucket'] },
    ]);
    expect(extentsOf([])).toEqual([]);
  });
});

describe('money of a scan', () => {
  it('of what could not be read is unknown and apart, and the scan says so', async () => {
    const good = await rig().scan();
    expect(good.scan).toMatchObject({ costQuality: 'complete', unreadSpend: 0, unmappedSpend: 21 });
    const { scan, script } = rig();
    script.failure = (slice) =>
      ec2Of(a)(slice) ? { region: slice.region, type: slice.type, code: 'http_503', message: 'x' } : undefined;
    const told = (await scan()).scan;
    expect(told).toMatchObject({ costQuality: 'partial', gap: null, unmappedSpend: null, unreadSpend: 100.01 });
    expect(told.gaps.get(a)).toMatchObject({ attribution_gap: null, unmapped_spend: 7, unread_spend: 100.01 });
    expect(told.gaps.get(b)).toEqual(good.scan.gaps.get(b));
    expect(dataQuality(told)).toMatchObject({ status: 'partial', cost_data: 'partial', unread_spend: 100.01 });
  });

  it.each([
    ['a region', (region: string) => ({ region, code: 'timeout', message: 'x' }), 'eu-west-1'],
    ['an account', () => ({ code: 'access_denied', message: 'x' }), undefined],
  ])('is unknown too when %s failed whole', async (_, failure, only) => {
    const { scan, script } = rig();
    script.failure = ({ accountId, region }) =>
      accountId === a && (only === undefined || region === only) ? failure(region) : undefined;
    const told = (await scan()).scan;
    expect(told.gaps.get(a)).toMatchObject({ attribution_gap: null, unread_spend: 300.03, unmapped_spend: 7 });
    expect(told).toMatchObject({ gap: null, costQuality: 'partial' });
  });

  it('of one resource is the same whatever is asked', async () => {
    const everything = costOf(await rig().scan(), 'ecs:cluster');
    const { scan } = rig();
    expect(costOf(await scan({ types: ['ecs:cluster'] }), 'ecs:cluster')).toEqual(everything);
    expect(costOf(await scan({ types: ['ecs:cluster', 's3:bucket'], accounts: [a] }), 'ecs:cluster')).toEqual(
      everything,
    );
    const east = costOf(await scan({ types: ['ecs:cluster'], regions: ['us-east-1'] }), 'ecs:cluster');
    expect(everything).toEqual(expect.arrayContaining(east));
    expect(east).toHaveLength(perType);
  });

  it('of parts adds up to the whole, by type, by region, by account', async () => {
    const { scan } = rig();
    const { gap, unmappedSpend } = (await scan()).scan;
    const total = async (parts: Partial<Extent>[]) => {
      const told = await Promise.all(parts.map(async (part) => inCents((await scan(part)).scan.gap)));
      return told.reduce((sum, each) => sum + each, 0);
    };
    const carried = inCents(gap) - inCents(unmappedSpend);
    expect(await total(firstTypeNames.map((type) => ({ types: [type] })))).toBe(carried);
    expect(await total(regions.map((region) => ({ regions: [region] })))).toBe(carried);
    expect(await total(accounts.map((accountId) => ({ accounts: [accountId] })))).toBe(inCents(gap));
  });

  it('is unknown where it cannot be divided, although what was asked could be read', async () => {
    const { scan, script } = rig();
    script.failure = ({ accountId, region, type }) =>
      accountId === a && region === 'eu-west-1' && type === 'ecs:service'
        ? { region, type, code: 'timeout', message: 'ecs did not answer in time.' }
        : undefined;
    const told = (await scan({ types: ['ecs:cluster'], regions: ['us-east-1'], accounts: [a] })).scan;
    expect(told).toMatchObject({ quality: 'complete', failures: [], costQuality: 'partial', gap: null });
    expect(dataQuality(told).failed_costs).toMatchObject([{ region: 'eu-west-1', resource_type: 'ecs:service' }]);
  });

  it('is not waited for long where what was asked is there, and the answer says so', async () => {
    const { scan, script } = rig();
    script.hangs = ({ region }) => region === 'eu-west-1';
    const told = (await scan({ types: ['ecs:cluster'], regions: ['us-east-1'], accounts: [a] })).scan;
    expect(told).toMatchObject({ quality: 'complete', costQuality: 'partial', gap: null });
    expect(told.counts.total).toBe(perType);
    expect(dataQuality(told).failed_costs?.map((each) => each.region)).toContain('eu-west-1');
  }, 15_000);

  it('is asked again only of accounts whose spend is missing', async () => {
    const { scan, script, spends } = rig();
    script.spendFails.add(b);
    expect((await scan()).scan).toMatchObject({ costQuality: 'partial', gap: null });
    script.spendFails.clear();
    const second = await scan();
    expect(spends.map((each) => each.accounts)).toEqual([accounts, [b]]);
    expect(second).toMatchObject({ cached: false, scan: { costQuality: 'complete' } });
  });
});

describe('failures of a scan', () => {
  const expired = {
    code: 'invalid_credentials',
    message: 'ec2 does not accept the credentials (ExpiredToken). Renew.',
  };

  it('by credentials that do not hold are one entry, with the remedy', async () => {
    const { scan, script } = rig();
    script.failure = ({ region, type }) => ({ region, type, ...expired });
    const told = dataQuality((await scan()).scan);
    expect(told).toMatchObject({ status: 'failed', failed_regions: [], failed_types: [] });
    expect(told.failed_accounts).toEqual([
      { account_id: a, code: expired.code, message: `${expired.message} The same in ${accounts.slice(1).join(', ')}.` },
    ]);
  });

  it('by credentials in one region only are of that region', async () => {
    const { scan, script } = rig();
    script.failure = ({ accountId, region, type }) =>
      accountId === a && region === 'eu-west-1' ? { region, type, ...expired } : undefined;
    const told = dataQuality((await scan()).scan);
    expect(told).toMatchObject({ failed_accounts: [], failed_types: [] });
    expect(told.failed_regions).toEqual([{ account_id: a, region: 'eu-west-1', ...expired }]);
  });

  it('of a type in a whole account are told once, as of that type', async () => {
    const { scan, script } = rig();
    script.failure = ({ accountId, type }) =>
      accountId === a && type === 's3:bucket' ? { type, code: 'access_denied', message: 's3 refused.' } : undefined;
    const told = dataQuality((await scan()).scan);
    expect([told.failed_accounts, told.failed_regions]).toEqual([[], []]);
    expect(told.failed_types).toHaveLength(1);
  });
});
