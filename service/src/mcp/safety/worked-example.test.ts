/** Limits of calls, budgets and loops, at their very edges: strictly more than a limit is over it. */
import { openDispatch } from '../../../test/rigs/dispatch.ts';
import { ana } from '../../../test/rigs/pipeline.ts';

const check = 'check_tag_compliance';
const code = (expected: string) => expect.objectContaining({ code: expected });
const named = { accounts: ['1'] };
type Rig = ReturnType<typeof openDispatch>;

const question = async (rig: Rig, args: object = named) => (await rig.call(check, args)).structured;
const tokenOf = async (rig: Rig, args: object = named): Promise<string> =>
  String(Object(Object(await question(rig, args)).approval_required).approval_token);

describe('thresholds', () => {
  it('500 resources run, 501 need approval, and 500 run again', async () => {
    const rig = openDispatch();
    for (const [resources, asks] of [
      [500, false],
      [501, true],
      [500, false],
    ] as const) {
      rig.world.resources = resources;
      expect(Object.hasOwn(await question(rig), 'approval_required')).toBe(asks);
    }
  });

  it('a period of 30 days runs, one of 31 is flagged and says so', async () => {
    const rig = openDispatch();
    rig.world.days = 30;
    expect(await question(rig)).toEqual({ score: 0.5 });
    rig.world.days = 31;
    expect(await question(rig)).toMatchObject({
      approval_required: { approval_token: expect.any(String) },
      intent_commit: { potential_regrets: ['It asks for 31 days, more than 30.'] },
    });
  });
});

describe('an approval token', () => {
  const over = () => {
    const rig = openDispatch();
    rig.world.resources = 501;
    return rig;
  };

  it('says what it is for, and is no error', async () => {
    expect(await question(over())).toMatchObject({
      approval_required: {
        summary: 'Check over about 501 resources.',
        estimated_cost: [],
        estimated_time: 2,
        approval_token: expect.stringMatching(/^int_[0-9a-f]{32}\.[0-9a-f]{32}$/),
      },
    });
  });

  it('is on no record', async () => {
    const rig = over();
    const approval_token = await tokenOf(rig);
    expect(rig.events).toMatchObject([{ summary: { approval_required: { estimated_time: 2 } } }]);
    expect(JSON.stringify(rig.events)).not.toContain(approval_token);
  });

  it('works after 299 seconds, and not twice', async () => {
    const rig = over();
    const approval_token = await tokenOf(rig);
    rig.advance(299_000);
    expect((await rig.call(check, { ...named, approval_token })).structured).toEqual({ score: 0.5 });
    await expect(rig.call(check, { ...named, approval_token })).rejects.toEqual(code('not_found'));
  });

  it('does not work after 301 seconds; nothing runs and its expiry is on record once', async () => {
    const rig = over();
    const approval_token = await tokenOf(rig);
    rig.advance(301_000);
    rig.world.answer = () => Promise.reject(new Error('ran'));
    await expect(rig.call(check, { ...named, approval_token })).rejects.toEqual(code('not_found'));
    await expect(rig.call(check, { ...named, approval_token })).rejects.toEqual(code('not_found'));
    expect(rig.events.filter(({ action }) => action === 'expire')).toMatchObject([{ intent: { decision: 'expired' } }]);
  });

  it('is bound to person, tool and arguments, and one that is made up works for nobody', async () => {
    const rig = over();
    const approval_token = await tokenOf(rig);
    rig.world.answer = () => Promise.reject(new Error('ran'));
    for (const [args, about] of [
      [{ ...named, limit: 3, approval_token }, {}],
      [{ ...named, approval_token }, { caller: { ...ana, personId: 'eve' } }],
      [{ ...named, approval_token: `${approval_token.slice(0, -1)}x` }, {}],
      [{ ...named, approval_token: 'int_made_up.x' }, {}],
    ] as const)
      await expect(rig.call(check, args, about)).rejects.toEqual(code('not_found'));
    rig.world.answer = async () => ({ score: 1 });
    expect((await rig.call(check, { ...named, approval_token })).structured).toEqual({ score: 1 });
  });

  it('cannot be replaced by the intent’s id, which stays good for a no', async () => {
    const rig = over();
    const { intent_commit } = Object(await question(rig));
    const { intent_id } = Object(intent_commit);
    await expect(rig.call(check, { ...named, intent_id })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('approval_token'),
    });
    expect(await rig.intents.decline(intent_id, ana)).toMatchObject({ tool: check });
  });
});

describe('loops and budgets', () => {
  it('identical calls at 0, 10 and 20 s run, at 30 s is blocked, at 331 s runs; others run meanwhile', async () => {
    const rig = openDispatch({ loop: 3 });
    let elapsed = 0;
    const at = (seconds: number) => {
      rig.advance((seconds - elapsed) * 1000);
      elapsed = seconds;
    };
    for (const seconds of [0, 10, 20]) {
      at(seconds);
      expect(await question(rig)).toEqual({ score: 0.5 });
    }
    at(30);
    await expect(rig.call(check, named)).rejects.toEqual(code('loop_detected'));
    await rig.call(check, { ...named, limit: 3 });
    at(331);
    expect(await question(rig)).toEqual({ score: 0.5 });
  });

  it('arguments in another order are the same call', async () => {
    const rig = openDispatch({ loop: 1 });
    await rig.call(check, { accounts: ['1'], limit: 2 });
    await expect(rig.call(check, { limit: 2, accounts: ['1'] })).rejects.toEqual(code('loop_detected'));
  });

  it('call 101 of an hour is budget_exhausted; dry runs are not counted; after the hour it runs', async () => {
    const rig = openDispatch({ budget: 100, loop: 1000 });
    for (let n = 0; n < 20; n += 1) await rig.call(check, { ...named, dry_run: true });
    for (let n = 0; n < 100; n += 1) await rig.call(check, named);
    await expect(rig.call(check, named)).rejects.toEqual(code('budget_exhausted'));
    rig.advance(3_601_000);
    expect(await question(rig)).toEqual({ score: 0.5 });
  });

  it('five names of tools that do not exist are told so within 300 s, the sixth is a loop', async () => {
    const rig = openDispatch();
    for (let n = 0; n < 5; n += 1) await expect(rig.call(`tool_${n}`)).rejects.toEqual(code('unknown_tool'));
    await expect(rig.call('tool_5')).rejects.toEqual(code('loop_detected'));
    rig.advance(301_000);
    await expect(rig.call('tool_6')).rejects.toEqual(code('unknown_tool'));
  });
});
