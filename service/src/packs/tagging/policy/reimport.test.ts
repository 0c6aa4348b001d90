import { pino } from 'pino';
import { impliedScopes } from '../../../../../contracts/scopes.ts';
import { assembleInMemory } from '../../../../test/rigs/whole.ts';
import type { CallContext } from '../../../call.ts';
import type { Operation } from '../../../operations/operation.ts';
import { openMemoryTables } from '../../../stores/memory/tables.ts';

const clock = { now: new Date('2026-11-30T09:00:00.000Z') };
const now = () => clock.now;
const log = pino({ level: 'silent' });
const admin = impliedScopes(['admin']);

const person = (personId: string): CallContext => ({
  caller: {
    ...{ personId, name: personId, email: `${personId}@example.com`, roles: [], clientId: 'test', grantId: 'grant' },
    ...{ scopes: admin, authenticatedAt: 0, expiresAt: 0 },
  },
  origin: { kind: 'request', via: 'page', correlationId: 'correlation' },
  signal: AbortSignal.timeout(60_000),
  progress: async () => {},
  log,
  now,
  assume: () => {},
});

/** What the sandbox's organization does not say, so that it differs from what is imported. */
const written = (version: string) => ({ policy: { version, last_updated: 'x', required_tags: [{ name: 'Team' }] } });

describe('the import that comes by itself', () => {
  let opened: Awaited<ReturnType<typeof assembleInMemory>>;
  beforeAll(async () => {
    opened = await assembleInMemory(
      { TOOL_PACKS: 'tagging', AUTO_IMPORT_AWS_POLICY: 'true' },
      openMemoryTables({ now }),
      now,
    );
  });
  afterAll(async () => {
    await opened.packs.close();
    await opened.upstreams.close();
  });

  const run = async () => {
    const worker = opened.packs.each
      .flatMap(({ pack }) => pack.workers ?? [])
      .find(({ name }) => name === 'reimport-tag-policy');
    if (worker === undefined) throw new Error('nothing imports by itself');
    const job = {
      jobId: 'job',
      payload: {},
      attempt: 1,
      createdAt: now(),
      signal: AbortSignal.timeout(30_000),
      log,
      now,
    };
    const done = await worker.work({ ...job, report: async () => {} });
    return done !== undefined && 'result' in done ? done.result : undefined;
  };
  const policyTool = () => {
    const tool = opened.catalogue.entries.get('change_tagging_policy')?.tool;
    if (tool?.kind !== 'change') throw new Error('no such change');
    return tool;
  };
  const ask = (version: string) => opened.pipeline.submit(policyTool(), { input: written(version) }, person('ana'));
  const decide = async ({ operationId, approvalHash }: Operation, decision: 'approve' | 'deny') =>
    opened.pipeline.outcome(
      await opened.pipeline.decide(
        { operationId, decision, approvalHash, comment: 'no' },
        person('ben').caller,
        person('ben'),
      ),
    );
  const waiting = () => opened.pipeline.seenBy({ scopes: admin }).waiting();
  const only = async (): Promise<Operation> => {
    const [operation, ...others] = await waiting();
    if (operation === undefined || others.length > 0) throw new Error('not one operation waits');
    return operation;
  };

  it('comes where it is asked for, and asks for nothing while both say the same', async () => {
    expect(opened.packs.each.flatMap(({ pack }) => pack.jobs ?? [])).toMatchObject([{ worker: 'reimport-tag-policy' }]);
    expect(await run()).toEqual({ outcome: 'equal', policy_id: 'effective' });
    expect(await waiting()).toEqual([]);
  });

  it('proposes a difference in the name of the service, once, and any person may approve it', async () => {
    await decide(await ask('1'), 'approve');
    expect(await run()).toMatchObject({ outcome: 'awaiting-countersign' });
    const proposed = await only();
    expect(proposed.requester).toMatchObject({ personId: 'service:tagging', name: 'Countersign' });
    expect(proposed.plan.changes[0]?.after).toMatchObject({ Source: 'organizations effective' });
    expect(await run()).toEqual({ outcome: 'waiting', operation_id: proposed.operationId });
    expect((await decide(proposed, 'approve')).status).toBe('applied');
    expect(await run()).toMatchObject({ outcome: 'equal' });
  });

  it('waits for whatever change of the policy is open, whoever asked for it', async () => {
    const asked = await ask('2');
    expect(await run()).toEqual({ outcome: 'waiting', operation_id: asked.operationId });
    await decide(asked, 'approve');
  });

  it('does not ask again for what was denied, and asks anew for what nobody answered', async () => {
    await run();
    const first = await only();
    clock.now = new Date(clock.now.getTime() + 80 * 3_600_000);
    await opened.pipeline.resume(false);
    expect(await run()).toMatchObject({ outcome: 'awaiting-countersign' });
    const second = await only();
    expect(second.operationId).not.toBe(first.operationId);
    await decide(second, 'deny');
    expect(await run()).toMatchObject({ outcome: 'denied', operation_id: second.operationId });
    expect(await waiting()).toEqual([]);
  });
});
