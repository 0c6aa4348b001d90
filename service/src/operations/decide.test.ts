import { setImmediate as turn } from 'node:timers/promises';
import { auditKeys } from '../../test/rigs/audit-keys.ts';
import { ana, ben, max, openRig, person, type Rig } from '../../test/rigs/pipeline.ts';
import { openAuditLog } from '../audit/log.ts';
import type { Caller } from '../auth/caller.ts';
import { CountersignError } from '../errors.ts';
import type { DecisionInput } from './decide.ts';
import { createPipeline } from './pipeline.ts';

const blue = { colour: 'blue', things: ['a', 'b'] };
const ask = (rig: Rig, caller = ana) => rig.pipeline.submit(rig.steps, { input: blue }, rig.context(caller));
const codeOf = (error: unknown) => (error instanceof CountersignError ? error.code : String(error));
const told = (rig: Rig) => rig.events.map(({ action, result }) => `${action} ${result}`);

/** Two tasks on one store, with the real audit log; `decisions` reads back what it says of one operation. */
const openTasks = (rig: Rig) => {
  const task = (instanceId: string) => {
    const audit = openAuditLog({ tables: rig.tables, now: rig.parts.now, retentionDays: 30, keys: auditKeys });
    const settings = { ...rig.parts.settings, instanceId };
    return { audit, ...createPipeline({ ...rig.parts, audit, settings }) };
  };
  const tasks = [task('task-1'), task('task-2')] as const;
  const decisions = async (operationId: string) =>
    (await tasks[0].audit.query({ operationId, limit: 500 })).items.filter(({ action }) =>
      ['approve', 'deny', 'confirm', 'expire'].includes(action),
    );
  return { tasks, decisions };
};

describe('what the audit log says of a decision', () => {
  it('50 answers at once, yes and no, over two tasks: one success in the log, and it is what the operation became', async () => {
    const rig = openRig();
    const { tasks, decisions } = openTasks(rig);
    const { operationId, approvalHash } = await ask(rig);
    const people = Array.from({ length: 50 }, (_, index) => person(`approver-${index}`, 'tag:approve'));
    const results = await Promise.allSettled(
      people.map((by, index) => {
        const decision = index % 3 === 0 ? 'deny' : 'approve';
        const input = { operationId, approvalHash, decision, comment: 'why' } as const;
        return tasks[index % 2 === 0 ? 0 : 1].decide(input, by, rig.context(by));
      }),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const records = await decisions(operationId);
    const [success, ...others] = records.filter(({ result }) => result === 'success');
    expect(others).toEqual([]);
    expect(records.filter(({ result }) => result === 'blocked')).toHaveLength(49);
    const operation = await rig.parts.store.get(operationId);
    expect(operation?.approvals).toEqual([
      expect.objectContaining({ by: expect.objectContaining({ personId: success?.userId }) }),
    ]);
    expect(operation?.approvals[0]?.decision).toBe(success?.action);
  });

  it('an operation that several tasks find expired expires once', async () => {
    const rig = openRig();
    const { tasks, decisions } = openTasks(rig);
    const { operationId } = await ask(rig);
    rig.world.now = new Date('2026-11-24T10:00:00.000Z');
    await Promise.all(Array.from({ length: 10 }, (_, index) => tasks[index % 2 === 0 ? 0 : 1].resume(false)));
    expect(await decisions(operationId)).toEqual([expect.objectContaining({ action: 'expire', result: 'success' })]);
  });

  it('without the log there is no decision', async () => {
    const rig = openRig();
    const { operationId, approvalHash } = await ask(rig);
    rig.world.auditDown = true;
    const input = { operationId, approvalHash, decision: 'approve' } as const;
    await expect(rig.pipeline.decide(input, ben, rig.context(ben))).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    expect(await rig.parts.store.get(operationId)).toMatchObject({ status: 'awaiting-countersign', approvals: [] });
  });
});

describe('an agent that answers', () => {
  const refusalOf = async (
    rig: Rig,
    input: DecisionInput,
    { by = ben, via = 'mcp' }: { by?: Caller; via?: 'mcp' | 'rest' | 'page' } = {},
  ): Promise<string> => rig.pipeline.decide(input, by, rig.context(by, via)).then(() => 'taken', codeOf);

  it.each(['mcp', 'rest', 'page'] as const)(
    'approves nothing by %s without saying which plan was read',
    async (via) => {
      const rig = openRig();
      const { operationId } = await ask(rig);
      expect(await refusalOf(rig, { operationId, decision: 'approve' }, { via })).toBe('invalid_input');
      expect(rig.shelf.writes).toEqual([]);
    },
  );

  it('approves no plan that was made anew after it was read', async () => {
    const rig = openRig();
    const { operationId, approvalHash } = await ask(rig);
    rig.shelf.colours.set('b', 'yellow');
    const approve = { operationId, decision: 'approve', approvalHash } as const;
    await rig.pipeline.outcome(await rig.pipeline.decide(approve, ben, rig.context(ben)));
    expect(await refusalOf(rig, approve)).toBe('arguments_changed');
    expect(rig.shelf.writes).toEqual([]);
  });

  it.each(['mcp', 'rest'] as const)(
    'confirms nothing by %s unless the operator allows it, and the page does',
    async (via) => {
      const rig = openRig({ byTool: { approve: true, confirm: false } });
      rig.world.countersign = 'same-person';
      const { operationId, approvalHash } = await ask(rig);
      const confirm = { operationId, approvalHash, decision: 'confirm' } as const;
      expect(await refusalOf(rig, confirm, { by: ana, via })).toBe('page_required');
      expect(await refusalOf(rig, confirm, { by: ana, via: 'page' })).toBe('taken');
    },
  );

  it('confirms by tool only with the plan that was read, where the operator allows it', async () => {
    const rig = openRig();
    rig.world.countersign = 'same-person';
    const { operationId, approvalHash } = await ask(rig);
    const confirm = { operationId, decision: 'confirm' } as const;
    expect(await refusalOf(rig, confirm, { by: ana })).toBe('invalid_input');
    expect(await refusalOf(rig, { ...confirm, approvalHash: '0'.repeat(64) }, { by: ana })).toBe('arguments_changed');
    expect(await refusalOf(rig, { ...confirm, approvalHash }, { by: ana })).toBe('taken');
  });

  it('answers a few operations a minute, also all at once, and the person goes on at the page', async () => {
    const rig = openRig({ decisionsPerMinute: 3 });
    const asked = await Promise.all(Array.from({ length: 6 }, () => ask(rig)));
    const answers = await Promise.all(
      asked.map(({ operationId, approvalHash }) =>
        refusalOf(rig, { operationId, approvalHash, decision: 'deny', comment: 'no' }),
      ),
    );
    expect(answers.filter((code) => code === 'taken')).toHaveLength(3);
    expect(answers.filter((code) => code === 'rate_limited')).toHaveLength(3);
    const waits = (await rig.pipeline.seenBy(ben).waiting()).at(0);
    const { operationId = '', approvalHash } = waits ?? {};
    expect(await refusalOf(rig, { operationId, approvalHash, decision: 'approve' }, { via: 'page' })).toBe('taken');
  });
});

describe('who asked', () => {
  it('withdraws, which is a state of its own and needs no reason', async () => {
    const rig = openRig();
    for (const decision of ['withdraw', 'deny'] as const) {
      const { operationId } = await ask(rig, max);
      const withdrawn = await rig.pipeline.decide({ operationId, decision }, max, rig.context(max));
      expect(withdrawn).toMatchObject({ status: 'withdrawn', approvals: [{ decision: 'withdraw' }] });
    }
    const { operationId } = await ask(rig, max);
    const others = rig.pipeline.decide({ operationId, decision: 'withdraw' }, ben, rig.context(ben));
    await expect(others).rejects.toMatchObject({ code: 'access_denied' });
  });
});

describe('deciding', () => {
  const approved = async (rig: Rig) => {
    const { operationId, approvalHash } = await ask(rig);
    return rig.pipeline.decide({ operationId, approvalHash, decision: 'approve' }, ben, rig.context(ben));
  };

  it('answers at once while the upstream hangs, and is applied when it does not any more', async () => {
    const rig = openRig();
    const gate = Promise.withResolvers<void>();
    const { read } = rig.steps;
    rig.steps.read = async (...asked) => {
      await gate.promise;
      return read(...asked);
    };
    const operation = await approved(rig);
    expect(operation.status).toBe('approved');
    expect(await rig.pipeline.outcome(operation, 20)).toMatchObject({ status: 'approved' });
    await rig.pipeline.resume(false);
    expect(rig.pipeline.running()).toEqual([operation.operationId]);
    gate.resolve();
    expect(await rig.pipeline.outcome(operation)).toMatchObject({ status: 'applied' });
    await turn();
    expect(rig.pipeline.running()).toEqual([]);
    expect(rig.shelf.writes).toEqual(['a', 'b']);
  });

  it('leaves a task that stops to wait for it, as long as that can', async () => {
    const rig = openRig();
    const gate = Promise.withResolvers<void>();
    const { read } = rig.steps;
    rig.steps.read = async (...asked) => {
      await gate.promise;
      return read(...asked);
    };
    const { operationId } = await approved(rig);
    await rig.pipeline.idle(10);
    expect(rig.pipeline.running()).toEqual([operationId]);
    await rig.pipeline.idle(10_000, [operationId]);
    gate.resolve();
    await rig.pipeline.idle(10_000);
    expect(rig.pipeline.running()).toEqual([]);
    expect(await rig.parts.store.get(operationId)).toMatchObject({ status: 'applied' });
  });

  it('stays decided when applying fails: the log tells one success and no failure of it', async () => {
    const rig = openRig();
    const { read } = rig.steps;
    rig.steps.read = () => Promise.reject(new CountersignError('upstream_error', 'away'));
    const operation = await approved(rig);
    expect(await rig.pipeline.outcome(operation)).toMatchObject({ status: 'approved' });
    expect(told(rig)).toEqual(['plan success', 'approve success']);
    rig.steps.read = read;
    rig.world.now = new Date('2026-11-20T10:01:00.000Z');
    await rig.pipeline.resume(false);
    expect(await rig.parts.store.get(operation.operationId)).toMatchObject({ status: 'applied' });
  });

  it('tells the call how far it is, as long as the call waits', async () => {
    const rig = openRig();
    const steps: number[] = [];
    const context = { ...rig.context(ben), progress: async (done: number) => void steps.push(done) };
    const apply = rig.steps.apply;
    const gate = Promise.withResolvers<void>();
    rig.steps.apply = async (changes, given) => {
      await given.progress(1, 2);
      await gate.promise;
      await given.progress(2, 2);
      return apply(changes, given);
    };
    const { operationId, approvalHash } = await ask(rig);
    const input = { operationId, approvalHash, decision: 'approve' } as const;
    const operation = await rig.pipeline.decide(input, ben, context);
    await rig.pipeline.outcome(operation, 50);
    gate.resolve();
    await rig.pipeline.outcome(operation);
    expect(steps).toEqual([1]);
  });
});

it('a refusal does not wait for an upstream that hangs over the new plan', async () => {
  const rig = openRig();
  const { operationId, approvalHash } = await ask(rig);
  rig.world.policy = 'v2';
  rig.steps.plan = () => new Promise(() => {});
  const approve = { operationId, approvalHash, decision: 'approve' } as const;
  await expect(rig.pipeline.decide(approve, ben, rig.context(ben))).rejects.toMatchObject({ code: 'policy_changed' });
}, 8_000);

describe('where it came from', () => {
  const from = (rig: Rig, ipAddress: string, by = ben) =>
    ({
      ...rig.context(by),
      origin: {
        kind: 'request',
        via: 'page',
        correlationId: `request from ${ipAddress}`,
        ipAddress,
        userAgent: `agent of ${by.personId}`,
      },
    }) as const;
  const places = (rig: Rig) =>
    rig.events.map(({ action, result, ipAddress, userAgent, origin }) => [
      `${action} ${result}`,
      origin ?? ipAddress,
      userAgent,
    ]);

  it('is in every record: of who asked, who answered, and what that answer had written', async () => {
    const rig = openRig();
    const { operationId, approvalHash } = await rig.pipeline.submit(
      rig.steps,
      { input: blue },
      from(rig, '192.0.2.1', ana),
    );
    const answer = { operationId, approvalHash } as const;
    const refused = rig.pipeline.decide({ ...answer, decision: 'deny' }, ben, from(rig, '192.0.2.2'));
    await expect(refused).rejects.toMatchObject({ code: 'invalid_input' });
    const decided = await rig.pipeline.decide({ ...answer, decision: 'approve' }, ben, from(rig, '192.0.2.3'));
    await rig.pipeline.outcome(decided);
    await rig.pipeline.revert({ operationId, reason: 'no' }, from(rig, '192.0.2.4', ana));
    expect(places(rig)).toEqual([
      ['plan success', '192.0.2.1', 'agent of ana'],
      ['deny blocked', '192.0.2.2', 'agent of ben'],
      ['approve success', '192.0.2.3', 'agent of ben'],
      ['write started', '192.0.2.3', 'agent of ben'],
      ['write success', '192.0.2.3', 'agent of ben'],
      ['plan success', '192.0.2.4', 'agent of ana'],
    ]);
  });

  it('is the service’s own upkeep where nobody asked just then', async () => {
    const rig = openRig();
    const { operationId, approvalHash } = await ask(rig);
    const { read } = rig.steps;
    rig.steps.read = () => Promise.reject(new CountersignError('upstream_error', 'away'));
    const approve = { operationId, approvalHash, decision: 'approve' } as const;
    await rig.pipeline.outcome(await rig.pipeline.decide(approve, ben, rig.context(ben)));
    rig.steps.read = read;
    await ask(rig);
    rig.world.now = new Date('2026-11-20T10:10:00.000Z');
    await rig.pipeline.resume(false);
    rig.world.now = new Date('2026-11-24T10:00:00.000Z');
    await rig.pipeline.resume(false);
    expect(places(rig).filter(([, origin]) => origin === 'upkeep')).toEqual([
      ['write started', 'upkeep', undefined],
      ['write success', 'upkeep', undefined],
      ['expire success', 'upkeep', undefined],
    ]);
  });
});
