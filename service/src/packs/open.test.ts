import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { z } from 'zod';
import type { ToolName } from '../../../contracts/packs/index.ts';
import type { PackContract } from '../../../contracts/packs/pack.ts';
import { tables } from '../../../contracts/tables.ts';
import { ana, openRig } from '../../test/rigs/pipeline.ts';
import { parseConfig } from '../config.ts';
import { jobsOf } from '../jobs/port.ts';
import { defineChange, defineQuery, noAccounts, type Tool } from '../mcp/tool.ts';
import { folderObjects } from '../objects/folder.ts';
import { linked } from '../objects/index.ts';
import { defineWorker } from '../ports/worker.ts';
import { openMemoryEphemeral } from '../stores/memory/ephemeral.ts';
import { openMemoryTables } from '../stores/memory/tables.ts';
import { openUpstreams } from '../upstream/open.ts';
import type { UnboundServices } from './bound.ts';
import { openPacks, type PackEntry } from './open.ts';
import type { Pack, PackServices } from './pack.ts';

// A pack of the tests has tools that the compiler knows, under a contract of its own.
const query = (name: ToolName, scopes: Tool['scopes'] = ['tag:read']): Tool =>
  defineQuery({
    name,
    title: name,
    description: 'A tool of the test',
    scopes,
    input: z.object({}),
    output: z.object({}),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async () => ({}),
  });

const forget = defineWorker({
  name: 'forget',
  description: 'Forgets.',
  payload: z.object({}),
  work: async () => undefined,
});
const nightly = { name: 'nightly', worker: 'forget', cron: '30 2 * * *' };

const contractOf = (...tools: ToolName[]): PackContract => ({
  title: 'A pack of the test',
  description: 'It is opened in tests.',
  scopes: { 'tag:read': { description: 'Read', implies: [], elevated: false } },
  roles: { viewer: ['tag:read'], analyst: ['tag:read'], approver: ['tag:read'] },
  tools: Object.fromEntries(tools.map((name) => [name, { kind: 'query', scope: 'tag:read', actions: [] }])),
  accounts: {
    read: 'tag:read',
    decide: 'tag:approve',
    upstreams: { Shelf: { title: 'shelf', id: /^\d$/, example: '1', approval: 'none' } },
  },
});

const lines: object[] = [];
const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line) as object) });
const metrics = { count: () => {}, observe: () => {}, set: () => {} };
const lentAccounts: string[] = [];
const services: UnboundServices = {
  config: parseConfig({}),
  tables: openMemoryTables(),
  ephemeral: openMemoryEphemeral(),
  objects: linked(folderObjects(join(tmpdir(), 'countersign-no-objects')), {
    sign: async () => ({ url: '', expiresAt: '' }),
  }),
  pipeline: openRig().pipeline,
  jobsOf: (owner) => jobsOf(owner, { tables: openMemoryTables(), now: () => new Date(), wake: () => {} }),
  notifyOf: () => ({ tell: async () => {}, find: async () => undefined }),
  holders: () => [],
  metrics,
  credentialsOf: () => ({ of: () => Promise.reject(new Error('nobody has credentials here')) }),
  upstreams: openUpstreams({ config: {}, metrics, log, now: () => new Date() }),
  sns: { read: () => Promise.reject(new Error('nobody publishes here')) },
  log,
  now: () => new Date(),
  accountsOf: (pack) => {
    lentAccounts.push(pack);
    return { approvedFor: async () => [], holdersOf: async () => [] };
  },
};

const closed: string[] = [];
beforeEach(() => {
  closed.length = 0;
  lines.length = 0;
});

/** A pack with one tool, that says when it is closed. */
const entry = (name: string, tool: ToolName, more: Partial<Pack> = {}, contract = contractOf(tool)): PackEntry => ({
  name,
  contract,
  open: async () => ({ tools: [query(tool)], close: async () => void closed.push(name), ...more }),
});
const failing = (name: string, why: string): PackEntry => ({
  name,
  contract: contractOf('bulk_tag_resources'),
  open: async () => {
    throw new Error(why);
  },
});
const notes = (more?: Partial<Pack>) => entry('notes', 'get_tagging_policy', more);
const shelf = (more?: Partial<Pack>) => entry('shelf', 'check_tag_compliance', more);

describe('packs that are opened', () => {
  it('offer together what each of them has, and close the latest first', async () => {
    const packs = await openPacks(
      [
        notes({
          accounts: { Shelf: async ({ personId }) => [{ accountId: `notes of ${personId}` }] },
          workers: [forget],
          jobs: [nightly],
          health: { upstream: async () => 'degraded' },
          facts: () => ({ notes: 3 }),
        }),
        shelf({ workers: [forget] }),
      ],
      services,
    );
    expect(packs.tools.map(({ name }) => name)).toEqual(['get_tagging_policy', 'check_tag_compliance']);
    expect(await packs.listed('Shelf', ana)).toEqual([{ api: 'Shelf', accountId: 'notes of ana' }]);
    expect(await packs.listed('AWS', ana)).toBeUndefined();
    expect(lentAccounts).toEqual(['notes', 'shelf']);
    expect(packs.workers.map(({ owner, worker }) => [owner, worker.name])).toEqual([
      ['notes', 'forget'],
      ['shelf', 'forget'],
    ]);
    expect(packs.jobs).toEqual([{ owner: 'notes', job: nightly }]);
    expect(Object.keys(packs.health)).toEqual(['notes-upstream']);
    expect(packs.facts()).toEqual({ notes: 3 });
    await packs.close();
    expect(closed).toEqual(['shelf', 'notes']);
  });

  it('are opened side by side', async () => {
    const begun: string[] = [];
    const slow = (one: PackEntry): PackEntry => ({
      ...one,
      open: async (given) => {
        begun.push(one.name);
        await sleep(1);
        expect(begun).toEqual(['notes', 'shelf']);
        return one.open(given);
      },
    });
    await openPacks([slow(notes()), slow(shelf())], services);
  });

  it('are all closed when one does not open, and the first failure is the one that is told', async () => {
    const opening = openPacks([notes(), failing('one', 'no token'), shelf(), failing('two', 'no key')], services);
    await expect(opening).rejects.toThrow('no token');
    expect(closed).toEqual(['shelf', 'notes']);
    expect(JSON.stringify(lines)).toContain('no key');
  });

  it('are closed although one of them does not close', async () => {
    const stuck = shelf({ close: () => Promise.reject(new Error('it hangs')) });
    const packs = await openPacks([notes(), stuck], services);
    await expect(packs.close()).rejects.toThrow('it hangs');
    expect(closed).toEqual(['notes']);
    await expect(openPacks([notes(), stuck, failing('one', 'no token')], services)).rejects.toThrow('no token');
    expect(closed).toEqual(['notes', 'notes']);
  });

  it.each<[string, Partial<Pack>, string]>([
    [
      'a tool of another pack',
      { tools: [query('get_tagging_policy'), query('find_untagged_resources')] },
      'find_untagged_resources is not one of its tools',
    ],
    [
      'a tool of the core',
      { tools: [query('get_tagging_policy'), query('get_operation')] },
      'get_operation is not one of its tools',
    ],
    [
      'a tool twice',
      { tools: [query('get_tagging_policy'), query('get_tagging_policy')] },
      'get_tagging_policy is there twice',
    ],
    ['none of a tool', { tools: [] }, 'get_tagging_policy is missing'],
    [
      'another scope',
      { tools: [query('get_tagging_policy', ['admin'])] },
      'get_tagging_policy needs admin, not tag:read',
    ],
    [
      'accounts of an upstream that is not its own',
      { accounts: { AWS: async () => [] } },
      'it lists accounts of AWS, which is not one of its upstreams',
    ],
    ['no scope', { tools: [query('get_tagging_policy', [])] }, 'get_tagging_policy needs no scope, not tag:read'],
    ['a worker twice', { workers: [forget, forget] }, 'the worker forget is there twice'],
    ['a job twice', { workers: [forget], jobs: [nightly, nightly] }, 'the job nightly is there twice'],
    ['a job for no worker', { jobs: [nightly] }, 'the job nightly is for forget, which is none of its workers'],
    [
      'a job that has no time',
      { workers: [forget], jobs: [{ ...nightly, cron: '30 25 * * *' }] },
      'the job nightly: cron must be five fields',
    ],
  ])('are refused with %s', async (_what, more, problem) => {
    await expect(openPacks([shelf(), notes(more)], services)).rejects.toThrow(
      `The pack notes is not as contracts/packs/notes.ts says:\n  ${problem}`,
    );
    expect(closed.toSorted()).toEqual(['notes', 'shelf']);
  });

  it('are refused with a tool of another kind, and with one that is countersigned otherwise', async () => {
    const change = defineChange({
      ...openRig().steps,
      name: 'bulk_tag_resources',
      title: 'Paint',
      description: 'Paints things.',
      scopes: ['tag:write'],
      input: z.object({ colour: z.string(), things: z.array(z.string()) }),
      output: z.object({}),
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
      accounts: noAccounts,
      present: () => ({}),
    });
    const open = (tool: object) =>
      openPacks(
        [
          {
            name: 'notes',
            contract: {
              ...contractOf(),
              tools: { bulk_tag_resources: { kind: 'change', scope: 'tag:write', actions: [], ...tool } },
            },
            open: async () => ({ tools: [change] }),
          },
        ],
        services,
      );
    await expect(open({ kind: 'query', approve: 'tag:approve' })).rejects.toThrow(
      'bulk_tag_resources is a change, not a query',
    );
    await expect(open({ approve: 'admin' })).rejects.toThrow('is countersigned with tag:approve, not admin');
    await open({ approve: 'tag:approve' });
  });

  const resource = {
    uri: 'countersign://notes',
    name: 'notes',
    title: 'Notes',
    description: 'Notes',
    mimeType: 'text/plain',
  };
  it.each<[string, Partial<Pack>]>([
    ['fact policy_source', { facts: () => ({ policy_source: 'file' }) }],
    ['resource countersign://notes', { resources: [{ ...resource, scopes: ['tag:read'], read: async () => '' }] }],
    [
      'prompt write_notes',
      { prompts: [{ name: 'write_notes', title: '', description: '', arguments: [], render: () => [] }] },
    ],
  ])('are refused where two have the %s', async (what, more) => {
    await expect(openPacks([notes(more), shelf(more)], services)).rejects.toThrow(
      `The packs notes and shelf both have the ${what}`,
    );
    expect(closed).toEqual(['shelf', 'notes']);
  });

  it('are refused where two have one tool', async () => {
    const opening = openPacks([notes(), entry('shelf', 'get_tagging_policy')], services);
    await expect(opening).rejects.toThrow('The packs notes and shelf both have the tool get_tagging_policy');
  });
});

describe('what a pack is lent', () => {
  const lentTo = async (contract: PackContract, name = 'notes') => {
    const lent: PackServices[] = [];
    const open: PackEntry['open'] = async (given) => {
      lent.push(given);
      return { tools: [] };
    };
    await openPacks([{ name, contract, open }], services);
    const [only] = lent;
    if (only === undefined) throw new Error('it was not opened');
    return only;
  };

  it('are the tables of its contract, and no other', async () => {
    const { tables: own } = await lentTo({ ...contractOf(), tables: { scans: tables.scans } });
    expect(await own.query('scans', { partition: 'a' })).toEqual({ items: [] });
    const stranger = 'scheduled-audits';
    const refused = [
      own.get(stranger, { scheduleId: 'a' }),
      own.query(stranger, { partition: 'a' }),
      own.remove(stranger, { scheduleId: 'a' }),
      own.transact([{ kind: 'remove', table: stranger, key: { scheduleId: 'a' } }]),
      own.get('operations', { operationId: 'a' }),
    ];
    for (const call of refused) await expect(call).rejects.toThrow(/is not a table of contracts\/packs\/notes\.ts/);
  });

  it('are keys that no other pack has', async () => {
    const [one, other] = [await lentTo(contractOf()), await lentTo(contractOf(), 'shelf')];
    await one.ephemeral.set('newest', 'mine', 60);
    expect(await other.ephemeral.get('newest')).toBeUndefined();
    expect(await services.ephemeral.get('newest')).toBeUndefined();
    expect(await one.ephemeral.get('newest')).toBe('mine');
  });

  it('are lines of the log with its name', async () => {
    (await lentTo(contractOf())).log.info('hello');
    expect(lines).toMatchObject([{ pack: 'notes', msg: 'hello' }]);
  });
});
