import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { CountersignError } from '../../../errors.ts';
import { openMemoryTables } from '../../../stores/memory/tables.ts';
import type { Organizations } from './organizations.ts';
import { defaultPolicy, loadPolicy } from './policy.ts';
import { openPolicy, type PolicySettings } from './start.ts';
import { createPolicyVersions } from './versions.ts';

const now = () => new Date('2026-11-30T09:00:00.000Z');
const tags = (key: string) => ({ tags: { [key.toLowerCase()]: { tag_key: key, enforced_for: ['s3:bucket'] } } });
const documentOf = (policyId: string, key: string) => ({ policyId, content: tags(key), updatedAt: null });
const denied = () => Promise.reject(new CountersignError('access_denied', 'AWS refused it.'));
const none: Organizations = {
  list: async () => [],
  read: async () => undefined,
  effective: async () => undefined,
  attached: async () => [],
  required: async () => [],
};
const summary = (policyId: string) => ({ policyId, name: policyId, description: '' });
const importing: PolicySettings = { AUTO_IMPORT_AWS_POLICY: true, FALLBACK_TO_DEFAULT: true };
const plain: PolicySettings = { AUTO_IMPORT_AWS_POLICY: false, FALLBACK_TO_DEFAULT: true };

describe('the policy that holds at the start', () => {
  let tables: ReturnType<typeof openMemoryTables>;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-policy-start-'));
  });
  beforeEach(() => {
    tables = openMemoryTables({ now });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const start = async (config: PolicySettings, organizations: Partial<Organizations> = {}, own = defaultPolicy()) => {
    const versions = createPolicyVersions(tables, now);
    const log = pino({ level: 'silent' });
    const policy = await openPolicy({ config, versions, organizations: { ...none, ...organizations }, own, log, now });
    return { policy, versions, held: await policy.version() };
  };
  const fileWith = async (name: string) => {
    const path = join(folder, `${name}.json`);
    await writeFile(path, JSON.stringify({ version: '1', last_updated: '2026-01-01', required_tags: [{ name }] }));
    return path;
  };

  it('is the default where nothing else is said, and stays the first version', async () => {
    expect((await start(plain)).held).toMatchObject({ number: 1, origin: { source: 'default' } });
    expect((await start(plain)).held).toMatchObject({ number: 1 });
  });

  it.each<[string, Partial<Organizations>, string]>([
    ['what is in effect for the account', { effective: async () => documentOf('effective', 'Owner') }, 'effective'],
    [
      'the one attached nearest where nothing is told of what is in effect',
      {
        effective: denied,
        attached: async () => ['p-ofthisunit', 'p-oftheroot'],
        list: async () => [summary('p-oftheroot'), summary('p-ofthisunit')],
        read: async (id) => documentOf(id, 'Owner'),
      },
      'p-ofthisunit',
    ],
    [
      'the only one there is',
      { list: async () => [summary('p-theonlyone')], read: async (id) => documentOf(id, 'Owner') },
      'p-theonlyone',
    ],
  ])('is of AWS on the first start where it is imported: %s', async (_, organizations, id) => {
    const { held } = await start(importing, organizations);
    expect(held).toMatchObject({ number: 1, origin: { source: 'organizations', id } });
    expect(held.policy.policy.required_tags).toMatchObject([{ name: 'Owner', applies_to: ['s3:bucket'] }]);
  });

  it('is the one that AWS_POLICY_ID names, whatever is in effect', async () => {
    const named = { ...importing, AWS_POLICY_ID: 'p-namedpolicy' };
    const organizations = {
      effective: async () => documentOf('effective', 'A'),
      read: async (id: string) => documentOf(id, 'B'),
    };
    expect((await start(named, organizations)).held.origin).toEqual({ source: 'organizations', id: 'p-namedpolicy' });
  });

  it.each<[string, Partial<Organizations>, string]>([
    ['there is none', {}, 'there is none that is ours'],
    [
      'there are several and none is ours',
      { list: async () => [summary('p-one11111'), summary('p-two22222')] },
      'name one by AWS_POLICY_ID',
    ],
    [
      'it may not be read',
      { effective: denied, attached: denied, list: denied },
      'organizations:DescribeEffectivePolicy',
    ],
    [
      'it cannot be converted',
      { effective: async () => ({ policyId: 'effective', content: { tags: {} }, updatedAt: null }) },
      'names no tag',
    ],
  ])('is the default where %s, and where that is not wanted nothing starts', async (_, organizations, why) => {
    await expect(start({ ...importing, FALLBACK_TO_DEFAULT: false }, organizations)).rejects.toThrow(why);
    expect((await start(importing, organizations)).held.origin).toEqual({ source: 'default' });
  });

  it.each<[string, Partial<Organizations>]>([
    ['fails', { effective: () => Promise.reject(new CountersignError('throttled', 'Too many calls.')) }],
    ['has another policy', { effective: async () => documentOf('effective', 'Another') }],
    ['has none any more', {}],
  ])('stays the last that was accepted when Organizations %s', async (_, organizations) => {
    const first = await start(importing, { effective: async () => documentOf('effective', 'Owner') });
    const again = await start(importing, organizations);
    expect(again.held).toEqual(first.held);
    expect((await again.versions.list()).items).toHaveLength(1);
  });

  it('does not go back to the default of a release once another was accepted', async () => {
    const { versions } = await start(plain);
    const policy = loadPolicy({ version: '2', last_updated: 'x', required_tags: [{ name: 'Team' }] }, 'request');
    await versions.append(1, { policy, origin: { source: 'request' }, changedBy: 'Ana' });
    const newer = loadPolicy({ version: '9', last_updated: 'x', required_tags: [] }, 'default');
    expect((await start(plain, {}, newer)).held).toMatchObject({ number: 2, origin: { source: 'request' } });
  });

  it('follows the release as long as nobody chose one', async () => {
    await start(plain);
    const newer = loadPolicy({ version: '9', last_updated: 'x', required_tags: [{ name: 'Team' }] }, 'default');
    expect((await start(plain, {}, newer)).held).toMatchObject({ number: 2, policy: { version: newer.version } });
  });

  it('is the file while one is named, each content of it one version, and what it was when it is named no more', async () => {
    const TAG_POLICY_FILE = await fileWith('Team');
    const first = await start({ ...importing, TAG_POLICY_FILE });
    expect(first.policy.fixedBy).toBe('TAG_POLICY_FILE');
    expect(first.held).toMatchObject({ number: 1, origin: { source: 'file' } });
    await start({ ...plain, TAG_POLICY_FILE });
    expect((await start({ ...plain, TAG_POLICY_FILE: await fileWith('Unit') })).held.number).toBe(2);
    const { held } = await start(plain);
    expect(held.policy.policy.required_tags).toMatchObject([{ name: 'Unit' }]);
  });

  it('is one version where two tasks start at once', async () => {
    const held = await Promise.all([start(plain), start(plain), start(plain)]);
    expect(held.map(({ held: { number } }) => number)).toEqual([1, 1, 1]);
  });
});

describe('versions of the policy', () => {
  it('follow one another: of two for one place one is kept', async () => {
    const versions = createPolicyVersions(openMemoryTables({ now }), now);
    const draft = { policy: defaultPolicy(), origin: { source: 'default' }, changedBy: 'Ana' } as const;
    expect(await versions.append(0, draft)).toMatchObject({ number: 1, since: now().toISOString() });
    const both = await Promise.all([versions.append(1, draft), versions.append(1, draft)]);
    expect(both.filter((each) => each !== undefined)).toHaveLength(1);
    expect(await versions.newest()).toMatchObject({ number: 2 });
    expect((await versions.list({ limit: 1 })).items).toMatchObject([{ number: 2 }]);
  });
});
