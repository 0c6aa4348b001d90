import { setImmediate as turn } from 'node:timers/promises';
import { pino } from 'pino';
import type { Tables } from '../../../ports/tables.ts';
import { createRandom } from '../../../random.ts';
import { openMemoryTables } from '../../../stores/memory/tables.ts';
import { parseArn } from '../estate/arn.ts';
import type { EstateContext, Extent, Slice } from '../estate/estate.ts';
import { isFailure } from '../estate/estate.ts';
import { sandboxAccounts, sandboxRegions } from './accounts.ts';
import { createSandboxCosts } from './costs.ts';
import { createSandboxEstate } from './estate.ts';
import { generateEstate } from './generate.ts';
import { createResources, resourceRowOf, seedResources } from './resources.ts';

const now = new Date('2026-11-20T09:00:00.000Z');
const context = (signal = new AbortController().signal): EstateContext => ({
  signal,
  log: pino({ level: 'silent' }),
});
const everything: Extent = {
  accounts: sandboxAccounts.map((account) => account.accountId),
  regions: sandboxRegions,
  types: ['ec2:instance', 'rds:db', 's3:bucket', 'lambda:function', 'ecs:cluster', 'ecs:service', 'opensearch:domain'],
};
const start = async () => {
  const tables = openMemoryTables();
  await seedResources(tables, now);
  const behaviour = { throttledRegions: new Set<string>() };
  return { tables, behaviour, estate: createSandboxEstate({ tables, behaviour }) };
};
const collect = async (slices: AsyncIterable<Slice>): Promise<Slice[]> => {
  const all: Slice[] = [];
  for await (const slice of slices) all.push(slice);
  return all;
};
const generated = generateEstate(now);
const first = (type: string) => generated.find((each) => each.type === type && each.state !== 'terminated')?.arn ?? '';

describe('the sandbox estate', () => {
  it('is the same at every start: about 450 resources, unique ARNs, everywhere something', () => {
    expect(generateEstate(now)).toEqual(generated);
    expect(generated.length).toBeGreaterThan(430);
    expect(generated.length).toBeLessThan(500);
    expect(new Set(generated.map((each) => each.arn)).size).toBe(generated.length);
    const groups = new Set(generated.map((each) => `${each.accountId} ${each.region}`));
    expect(groups.size).toBe(sandboxAccounts.length * sandboxRegions.length);
  });

  it('is listed in exactly one slice per account, region and type', async () => {
    const { estate } = await start();
    const slices = await collect(estate.list(everything, context()));
    expect(slices).toHaveLength(3 * 3 * 7);
    expect(slices.flatMap((slice) => slice.resources)).toHaveLength(generated.length);
    expect(slices.every((slice) => slice.resources.every((each) => each.region === slice.region))).toBe(true);
  });

  it('has further types where they are enabled, and the same of the first ones beside them', async () => {
    const tables = openMemoryTables();
    const types = ['ec2:instance', 'ec2:volume', 'dynamodb:table', 'sqs:queue', 'kms:key', 'rds:cluster'] as const;
    await seedResources(tables, now, types);
    const estate = createSandboxEstate({ tables, types });
    expect(estate.types()).toEqual(types);
    const slices = await collect(estate.list({ ...everything, types }, context()));
    const found = Map.groupBy(
      slices.flatMap(({ resources }) => resources),
      ({ type }) => type,
    );
    expect(types.map((type) => found.get(type)?.length ?? 0)).toEqual([
      generated.filter(({ type }) => type === 'ec2:instance').length,
      27,
      18,
      15,
      9,
      0,
    ]);
    for (const { arn, type } of [...found.values()].flat()) expect(parseArn(arn)?.type).toBe(type);
    const volume = found.get('ec2:volume')?.[0]?.arn ?? '';
    expect(await estate.tag([volume], { Owner: 'a@example.com' }, context())).toEqual([{ arn: volume, ok: true }]);
    const period = { start: '2026-10-21', end: '2026-11-20' };
    const { lines } = await createSandboxCosts(tables).spend({ ...everything, period }, context());
    expect(lines.map(({ service }) => service)).toEqual(expect.arrayContaining(['Amazon DynamoDB', 'EC2 - Other']));
  });

  it('tells a throttled region as a failure, never as nothing there', async () => {
    const { estate, behaviour } = await start();
    behaviour.throttledRegions.add('eu-west-1');
    const slices = await collect(estate.list(everything, context()));
    const failed = slices.filter((slice) => slice.failure?.code === 'throttled');
    expect(failed.map((slice) => slice.region)).toEqual(Array.from({ length: 21 }, () => 'eu-west-1'));
  });

  it('stops when the call is cancelled', async () => {
    const { estate } = await start();
    await expect(collect(estate.list(everything, context(AbortSignal.abort())))).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('keeps tags that were set, over a restart and a second filling', async () => {
    const { estate, tables } = await start();
    const arn = first('s3:bucket');
    const set = { Owner: 'new@example.com' };
    expect(await estate.tag([arn], set, context())).toEqual([{ arn, ok: true }]);
    await seedResources(tables, now);
    const again = createSandboxEstate({ tables });
    const read = (await again.read([arn], context())).get(arn);
    expect(read !== undefined && !isFailure(read) && read.tags.Owner).toBe('new@example.com');
    await again.untag([arn], ['Owner', 'NeverThere'], context());
    const untagged = (await again.read([arn], context())).get(arn);
    expect(untagged !== undefined && !isFailure(untagged) && 'Owner' in untagged.tags).toBe(false);
  });

  it('loses no tag when tasks write one resource at once, and reads and writes overtake each other', async () => {
    const { estate, tables } = await start();
    const arn = first('ec2:instance');
    const random = createRandom(7);
    const late = async <T>(work: () => Promise<T>): Promise<T> => {
      for (let turns = random.between(0, 8); turns > 0; turns--) await turn();
      return work();
    };
    const slow: Tables = {
      ...tables,
      get: (...args) => late(() => tables.get(...args)),
      put: (...args) => late(() => tables.put(...args)),
    };
    const tasks = [0, 1, 2].map(() => createSandboxEstate({ tables: slow }));
    const keys = Array.from({ length: 30 }, (_, at) => `key${at}`);
    const outcomes = await Promise.all(
      keys.map((key, at) => tasks[at % tasks.length]?.tag([arn], { [key]: 'set' }, context())),
    );
    expect(outcomes.flat().filter((outcome) => outcome?.ok !== true)).toEqual([]);
    const read = (await estate.read([arn], context())).get(arn);
    expect(read).toMatchObject({ tags: Object.fromEntries(keys.map((key) => [key, 'set'])) });
  });

  it.each([
    ['s3:bucket', { a: '<b>' }, 'InvalidTag'],
    ['ec2:instance', { 'aws:a': '' }, 'InvalidParameterValue'],
    ['lambda:function', { 'x\u0000': '' }, 'InvalidParameterValueException'],
    [
      'opensearch:domain',
      Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, ''])),
      'LimitExceededException',
    ],
    ['ec2:instance', Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, ''])), 'TagLimitExceeded'],
  ])('%s refuses what AWS refuses, with its code', async (type, tags, code) => {
    const { estate } = await start();
    expect(await estate.tag([first(type)], tags, context())).toMatchObject([{ ok: false, code }]);
  });

  it('fails each ARN for itself', async () => {
    const { estate } = await start();
    const gone = 'arn:aws:ec2:us-east-1:123456789012:instance/i-0';
    const arn = first('rds:db');
    const outcomes = await estate.tag([gone, arn], { Owner: 'a@example.com' }, context());
    expect(outcomes).toMatchObject([
      { arn: gone, ok: false, code: 'InvalidInstanceID.NotFound' },
      { arn, ok: true },
    ]);
    expect((await estate.read([gone], context())).has(gone)).toBe(false);
  });

  it('fills up what an interrupted first start left out, without touching the rest', async () => {
    const tables = openMemoryTables();
    const [one] = generated;
    if (one === undefined) throw new Error('nothing generated');
    await tables.put('sandbox-resources', resourceRowOf({ ...one, tags: { Mine: 'x' } }));
    await seedResources(tables, now);
    const held = await createResources(tables).ofAccount(one.accountId);
    expect(held.find((each) => each.arn === one.arn)?.tags).toEqual({ Mine: 'x' });
    expect(held).toHaveLength(generated.filter((each) => each.accountId === one.accountId).length);
  });

  it('is filled whole by two tasks at once, one of which found half of a batch of the other', async () => {
    const tables = openMemoryTables();
    let overtaken = false;
    const other: Tables = {
      ...tables,
      transact: async (writes) => {
        const [middle] = writes.slice(50);
        if (!overtaken && middle?.kind === 'insert') await tables.transact([middle]);
        overtaken = true;
        return tables.transact(writes);
      },
    };
    await seedResources(other, now);
    const held = await Promise.all(
      sandboxAccounts.map(({ accountId }) => createResources(tables).ofAccount(accountId)),
    );
    expect(held.flat()).toHaveLength(generated.length);
  });
});

describe('the sandbox costs', () => {
  const period = { start: '2026-10-21', end: '2026-11-20' };
  const spend = async (accounts: string[], regions: readonly string[] = sandboxRegions) => {
    const { tables } = await start();
    return createSandboxCosts(tables).spend({ accounts, regions, period }, context());
  };
  const total = (lines: readonly { usd: number }[]) => lines.reduce((sum, line) => sum + line.usd, 0);

  it('are what the resources cost, with what nobody can tag on top', async () => {
    const { lines, byResource } = await spend(['123456789012']);
    const s3 = lines.filter((line) => line.service === 'Amazon Simple Storage Service');
    const buckets = generated.filter((each) => each.type === 's3:bucket' && each.accountId === '123456789012');
    expect(total(s3)).toBeCloseTo(total(buckets.map((each) => ({ usd: each.monthlyUsd }))), 6);
    expect(lines.map((line) => line.service)).toEqual(expect.arrayContaining(['Tax', 'EC2 - Other']));
    expect(byResource.size).toBeGreaterThan(50);
  });

  it('follow regions, accounts and days', async () => {
    const all = total((await spend(['234567890123'])).lines);
    const parts = await Promise.all(sandboxRegions.map((region) => spend(['234567890123'], [region])));
    expect(total(parts.flatMap((part) => part.lines))).toBeCloseTo(all, 6);
    const { tables } = await start();
    const half = await createSandboxCosts(tables).spend(
      { accounts: ['234567890123'], regions: sandboxRegions, period: { start: '2026-11-05', end: '2026-11-20' } },
      context(),
    );
    expect(total(half.lines)).toBeCloseTo(all / 2, 6);
  });
});
