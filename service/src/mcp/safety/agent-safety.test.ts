/** What an agent may not do by itself: guess, overrun a limit, forget what it believed, or ignore what people corrected. */
import { openDispatch } from '../../../test/rigs/dispatch.ts';
import { ana } from '../../../test/rigs/pipeline.ts';
import { declineIntent } from '../../packs/core/decline-intent.ts';
import { openMemoryTables } from '../../stores/memory/tables.ts';
import { createRegrets, type Regret } from './regrets.ts';

const check = 'check_tag_compliance';
const code = (expected: string) => expect.objectContaining({ code: expected });
const named = { accounts: ['1'] };
type Rig = ReturnType<typeof openDispatch>;
const ask = async (rig: Rig, args: object = {}) => Object((await rig.call(check, args)).structured);
const always = (more: object = {}) => openDispatch({ clarify: 'always', ...more });
const beliefs = ({ events }: Rig) =>
  events.flatMap(({ intent, correlationId }) => (intent ? [{ ...intent, correlationId }] : []));

describe('a question', () => {
  it('leads from a vague call to a commit, and from the commit to a run, over as many turns as it takes', async () => {
    const rig = always();
    const vague = await ask(rig);
    expect(vague).toMatchObject({
      clarification_needed: true,
      approval_required: false,
      ambiguities: [{ parameter: 'accounts' }],
    });
    const clear = await ask(rig, named);
    expect(clear).toMatchObject({
      ambiguities: [],
      intent_commit: {
        operation: check,
        parameters: { accounts: ['1'], limit: 5 },
        estimated_scope: { resources: 10, api_calls: 3, estimated_cost: [], estimated_time: 2 },
        expected_outcome: 'Check over about 10 resources.',
      },
    });
    const { intent_id } = clear.intent_commit;
    expect(await ask(rig, { ...named, intent_id })).toEqual({ score: 0.5 });
    // The conversation is over: what is clear from the start runs at once.
    expect(await ask(rig, { accounts: ['2'] })).toEqual({ score: 0.5 });
  });

  it('has the one with the biggest impact first, and says what each option takes', async () => {
    const rig = always();
    rig.world.resources = 1000;
    rig.world.ambiguities = [
      {
        parameter: 'limit',
        question: 'How many?',
        options: [1, 2].map((value) => ({ value, estimated_resources: value })),
      },
      {
        parameter: 'accounts',
        question: 'Which?',
        options: [['1'], ['2']].map((value, at) => ({ value, estimated_resources: 100 + 800 * at })),
      },
    ];
    const { ambiguities } = await ask(rig);
    expect(ambiguities.map(({ parameter }: { parameter: string }) => parameter)).toEqual(['accounts', 'limit']);
    expect(ambiguities[0].options).toEqual([
      { value: ['1'], estimated_resources: 100, estimated_time: 1, requires_approval: false },
      { value: ['2'], estimated_resources: 900, estimated_time: 2, requires_approval: true },
    ]);
  });

  it('is asked of the tools that a setting names, while others run', async () => {
    const rig = openDispatch({ clarifyTools: [check] });
    expect(await ask(rig)).toMatchObject({ clarification_needed: true });
    expect(await ask(openDispatch({ clarifyTools: ['another_tool'] }))).toEqual({ score: 0.5 });
  });

  it('cannot be gone around: an id that is made up, of another call, or declined runs nothing', async () => {
    const rig = always();
    rig.world.answer = () => Promise.reject(new Error('ran'));
    const { intent_id } = (await ask(rig)).intent_commit;
    for (const args of [{ intent_id: 'int_made_up' }, { limit: 2, intent_id }, { ...named, intent_id }])
      await expect(rig.call(check, args)).rejects.toEqual(code('not_found'));
    await rig.intents.decline(intent_id, ana);
    await expect(rig.call(check, { intent_id })).rejects.toEqual(code('not_found'));
  });
});

describe('the belief log', () => {
  it('has what was asked in which words, what was assumed, what else it could be, and whether the outcome matched', async () => {
    const rig = always();
    const original_request = 'Check my compliance';
    const { intent_id } = (await ask(rig, { original_request })).intent_commit;
    await ask(rig, { intent_id });
    const entry = {
      intentId: intent_id,
      originalRequest: original_request,
      inferred: { limit: 5 },
      assumptions: ['accounts: everything that is allowed'],
      alternatives: [{ parameter: 'accounts', values: [['1']] }],
      correlationId: 'correlation',
    };
    expect(beliefs(rig)).toEqual([
      { ...entry, decision: 'asked' },
      { ...entry, decision: 'confirmed', outcomeMatched: true },
      { ...entry, decision: 'confirmed', outcomeMatched: true },
    ]);
  });

  it('keeps the correlation id of the question for whatever became of it', async () => {
    const rig = always();
    const { intent_id } = (await ask(rig)).intent_commit;
    const origin = {
      kind: 'request',
      via: 'mcp',
      correlationId: 'later',
      ipAddress: '192.0.2.7',
      userAgent: 'x',
    } as const;
    await rig.call(check, { intent_id }, { origin });
    expect(rig.events.map(({ action, correlationId }) => [action, correlationId])).toEqual([
      ['read', 'correlation'],
      ['confirm', 'correlation'],
      ['read', 'later'],
    ]);
  });

  it('says that an outcome was not as told: another size, or a failure', async () => {
    const rig = openDispatch();
    rig.world.resources = 1000;
    for (const [answer, matched] of [
      [async () => ({ score: 1, total_resources: 1100 }), true],
      [async () => ({ score: 1, total_resources: 2000 }), false],
      [() => Promise.reject(new Error('down')), false],
    ] as const) {
      rig.world.answer = answer;
      const { approval_token } = (await ask(rig, named)).approval_required;
      await rig.call(check, { ...named, approval_token }).catch(() => {});
      expect(beliefs(rig).at(-1)).toMatchObject({ decision: 'confirmed', outcomeMatched: matched });
    }
  });

  it('has what was assumed without a question as auto', async () => {
    const rig = openDispatch();
    await ask(rig);
    expect(beliefs(rig)).toMatchObject([
      { decision: 'auto', originalRequest: null, assumptions: ['accounts: none were named'] },
    ]);
    await ask(rig, named);
    expect(beliefs(rig)).toHaveLength(1);
  });

  it('has what nobody answered, once, whichever task finds it', async () => {
    const rig = always();
    await ask(rig);
    const expired = async () => {
      const found = [];
      for await (const intent of rig.intents.takeExpired()) found.push(intent.tool);
      return found;
    };
    expect(await expired()).toEqual([]);
    rig.advance(301_000);
    expect(await Promise.all([expired(), expired()]).then((found) => found.flat())).toEqual([check]);
  });
});

describe('a no', () => {
  const decline = (rig: Rig, intent_id: string, because: string) => {
    const tool = declineIntent({ safety: rig, audit: rig.parts.audit });
    return tool.kind === 'decision' && tool.run(tool.input.parse({ intent_id, because }), rig.context(ana));
  };
  const warned: Regret[] = [
    { kind: 'missing_resources', text: 'Only instances are looked at.' },
    { kind: 'wrong_region', text: 'Only us-east-1 is looked at.' },
    { kind: 'stale_data', text: 'Costs are two days old.' },
  ];
  const order = async (rig: Rig) => (await ask(rig)).intent_commit.potential_regrets.slice(0, 3);

  it('is on record with its reason, runs nothing, and only its person can say it, once', async () => {
    const rig = always();
    const { intent_id } = (await ask(rig)).intent_commit;
    await expect(rig.intents.decline(intent_id, { ...ana, personId: 'eve' })).rejects.toEqual(code('not_found'));
    await decline(rig, intent_id, 'wrong_region');
    expect(rig.events.at(-1)).toMatchObject({
      ...{ action: 'deny', tool: check, userId: 'ana', correlationId: 'correlation' },
      intent: { decision: 'rejected', because: 'wrong_region' },
    });
    await expect(decline(rig, intent_id, 'wrong_region')).rejects.toEqual(code('not_found'));
  });

  it('said three times moves that warning to the front, for that organization alone', async () => {
    const rig = always();
    rig.world.regrets = warned;
    const [missing, region, stale] = warned.map(({ text }) => text);
    for (let times = 0; times < 3; times += 1) {
      expect(await order(rig)).toEqual([missing, region, stale]);
      await decline(rig, (await ask(rig)).intent_commit.intent_id, 'stale_data');
    }
    expect(await order(rig)).toEqual([stale, missing, region]);
    const elsewhere = { ...ana, personId: 'zoe', email: 'zoe@other.example' };
    expect(await rig.regrets.ordered(elsewhere, warned)).toEqual(warned);
  });

  it('is remembered by the table: another task, or the same one after a restart, has the same order', async () => {
    const tables = openMemoryTables();
    const now = () => new Date('2026-11-20T09:00:00.000Z');
    const before = createRegrets(tables, now);
    await Promise.all([1, 2, 3].map(() => before.corrected(ana, 'stale_data')));
    const after = createRegrets(tables, now);
    expect((await after.ordered(ana, warned)).map(({ kind }) => kind)).toEqual([
      'stale_data',
      'missing_resources',
      'wrong_region',
    ]);
  });

  it('tells the organization’s own warnings besides', async () => {
    const rig = always({ ownRegrets: ['Payroll is in eu-central-1.'] });
    expect((await ask(rig)).intent_commit.potential_regrets).toContain('Payroll is in eu-central-1.');
  });
});

describe('a dry run', () => {
  it('asks nothing, keeps no intent, uses no budget, runs nothing, and is a kind of record of its own', async () => {
    const rig = openDispatch({ clarify: 'always', budget: 1 });
    rig.world.resources = 5000;
    rig.world.answer = () => Promise.reject(new Error('ran'));
    for (let n = 0; n < 3; n += 1)
      expect(await ask(rig, { dry_run: true })).toMatchObject({ dry_run: true, estimated_scope: { resources: 5000 } });
    expect(rig.events.map(({ action }) => action)).toEqual(['dry-run', 'dry-run', 'dry-run']);
    expect(await rig.tables.scan('intents')).toMatchObject({ items: [] });
    expect(await ask(rig)).toMatchObject({ clarification_needed: true });
  });
});
