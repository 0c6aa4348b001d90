import { watchedCodes } from '../../../contracts/logs.ts';
import { openDispatch, withScopes } from '../../test/rigs/dispatch.ts';
import { everyone } from '../../test/rigs/pipeline.ts';
import { CountersignError, type ErrorCode } from '../errors.ts';
import { parseMoney } from '../measures/money.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });
const check = 'check_tag_compliance';

describe('arguments', () => {
  it.each([
    [{ limt: 3 }, 'limt: is not an argument of this tool'],
    [{ limit: '3' }, 'limit: '],
    [{ limit: 11 }, 'limit: '],
    [{ accounts: 'all' }, 'accounts: '],
    ['text', '(arguments): '],
  ])('refuses %j and names the field', async (args, text) => {
    const rig = openDispatch();
    await expect(rig.call(check, args)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(text),
    });
    expect(rig.events).toMatchObject([{ result: 'failure', errorCode: 'invalid_input' }]);
  });

  it('fills in defaults and runs', async () => {
    expect(await openDispatch().call(check, { accounts: ['1'] })).toMatchObject({ structured: { score: 0.5 } });
  });
});

describe('permission', () => {
  it('needs the scope before anything else is looked at', async () => {
    const rig = openDispatch();
    const caller = withScopes('tag:read');
    await expect(rig.call('bulk_tag_resources', { nonsense: true }, { caller })).rejects.toEqual(
      code('insufficient_scope'),
    );
    expect(rig.events).toMatchObject([{ result: 'blocked', errorCode: 'insufficient_scope' }]);
  });

  it('refuses accounts that are not its own, and names them', async () => {
    const rig = openDispatch();
    await expect(rig.call(check, { accounts: ['1', '9'] })).rejects.toMatchObject({
      code: 'account_not_authorized',
      details: {
        code: 'ACCOUNT_NOT_AUTHORIZED',
        api: 'AWS',
        requestedAccount: '9',
        approvedAccounts: ['1', '2', '111111111111'].map((accountId) => ({ accountId })),
        action: expect.stringContaining('operator'),
      },
    });
    expect(rig.events).toMatchObject([{ result: 'blocked' }]);
  });
});

describe('the log', () => {
  // Alarms watch for these: a code that no error has does not compile.
  const watched: Readonly<Record<string, Uppercase<ErrorCode>>> = watchedCodes;

  it('has one line a call: which tool, who, how it ended', async () => {
    const rig = openDispatch();
    await rig.call(check, { accounts: ['1'] });
    await expect(rig.call(check, { accounts: ['9'] })).rejects.toThrow();
    const line = {
      msg: 'tool called',
      tool: check,
      userId: 'ana',
      correlationId: 'correlation',
      milliseconds: expect.any(Number),
    };
    expect(rig.lines).toEqual([
      expect.objectContaining({ ...line, outcome: 'success' }),
      expect.objectContaining({ ...line, outcome: 'blocked', code: watched.accountRefused }),
    ]);
  });
});

describe('dry run', () => {
  it('tells what a query would take and runs nothing', async () => {
    const rig = openDispatch();
    rig.world.answer = () => Promise.reject(new Error('ran'));
    expect((await rig.call(check, { dry_run: true })).structured).toEqual({
      dry_run: true,
      tool: check,
      estimated_scope: { resources: 10, api_calls: 3, estimated_cost: [], estimated_time: 2 },
    });
    expect(rig.events).toMatchObject([{ action: 'dry-run', result: 'success' }]);
  });

  it('tells the plan of a change and keeps no operation', async () => {
    const rig = openDispatch();
    const { structured } = await rig.call('bulk_tag_resources', { colour: 'blue', things: ['a'], dry_run: true });
    expect(structured).toMatchObject({ dry_run: true, plan: { total_changes: 1, countersign: 'second-person' } });
    expect(await rig.pipeline.seenBy(everyone).waiting()).toEqual([]);
    expect(rig.shelf.writes).toEqual([]);
  });
});

describe('questions', () => {
  it('asks when the estimate is over the limit, by one', async () => {
    const rig = openDispatch();
    rig.world.resources = 500;
    expect((await rig.call(check)).structured).toEqual({ score: 0.5 });
    rig.world.resources = 501;
    expect((await rig.call(check)).structured).toMatchObject({
      clarification_needed: true,
      approval_required: { approval_token: expect.any(String) },
      ambiguities: [{ parameter: 'accounts' }],
      intent_commit: { operation: check, estimated_scope: { resources: 501 } },
    });
  });

  it.each([
    ['0.50', 'USD', false],
    ['0.51', 'USD', true],
    // There is no limit in yen: 60 of them are not held against 50 cents.
    ['60', 'JPY', true],
    ['0', 'JPY', false],
  ])('asks about charges over the limit of their own currency: %s %s %p', async (amount, currency, asked) => {
    const rig = openDispatch();
    rig.world.charges = [parseMoney(amount, currency)];
    const { structured } = await rig.call(check);
    if (!asked) expect(structured).toEqual({ score: 0.5 });
    else
      expect(structured).toMatchObject({
        approval_required: { estimated_cost: [{ amount, currency }] },
        intent_commit: {
          estimated_scope: { estimated_cost: [{ amount, currency }] },
          potential_regrets: [
            expect.stringMatching(/^Its upstream requests are charged at about [$¥]/),
            expect.any(String),
          ],
        },
      });
  });

  it('leaves the charges of each currency in the audit log', async () => {
    const rig = openDispatch();
    rig.world.charges = [parseMoney('0.03', 'USD'), parseMoney('1.20', 'EUR'), parseMoney('0.02', 'USD')];
    await rig.call(check, { dry_run: true });
    expect(rig.events).toMatchObject([{ summary: { estimated_scope: { estimated_cost: '1.20 EUR, 0.05 USD' } } }]);
  });
});

describe('an act', () => {
  const stop = 'stop_scan';

  it('is on record before it runs, and its outcome after it, both of the same call', async () => {
    const rig = openDispatch();
    rig.world.act = async () => {
      expect(rig.events).toMatchObject([{ action: 'write', result: 'started', tool: stop, parameters: { scan: 's' } }]);
      return { stopped: false };
    };
    expect((await rig.call(stop, { scan: 's', account: '1' })).structured).toEqual({ stopped: false });
    const call = { tool: stop, userId: 'ana', correlationId: 'correlation', accountId: '1', action: 'write' };
    expect(rig.events).toMatchObject([
      { ...call, result: 'started', ipAddress: '192.0.2.7' },
      { ...call, result: 'success', summary: { stopped: false }, durationMs: expect.any(Number) },
    ]);
    expect(await rig.pipeline.seenBy(everyone).waiting()).toEqual([]);
  });

  it('does not run where its start cannot be recorded', async () => {
    const rig = openDispatch();
    let runs = 0;
    rig.world.act = async () => {
      runs += 1;
      return { stopped: true };
    };
    rig.auditDown(true);
    await expect(rig.call(stop, { scan: 's' })).rejects.toEqual(code('store_unavailable'));
    expect([runs, rig.events]).toEqual([0, []]);
  });

  it('is not answered where its outcome cannot be recorded', async () => {
    const rig = openDispatch();
    rig.world.act = async () => {
      rig.auditDown(true);
      return { stopped: true };
    };
    await expect(rig.call(stop, { scan: 's' })).rejects.toEqual(code('store_unavailable'));
    expect(rig.events).toMatchObject([{ result: 'started' }]);
  });

  it('leaves a failure on record with its code', async () => {
    const rig = openDispatch();
    rig.world.act = () => Promise.reject(new CountersignError('conflict', 'scan: has ended already.'));
    await expect(rig.call(stop, { scan: 's' })).rejects.toEqual(code('conflict'));
    expect(rig.events).toMatchObject([
      { result: 'started' },
      { action: 'write', result: 'failure', errorCode: 'conflict' },
    ]);
  });

  it.each([
    ['without its scope', {}, { caller: withScopes('tag:read') }, 'insufficient_scope'],
    ['on an account of somebody else', { account: '9' }, {}, 'account_not_authorized'],
    ['with an argument that it has not', { force: true }, {}, 'invalid_input'],
  ])('does not begin %s', async (_why, args, about, refused) => {
    const rig = openDispatch();
    rig.world.act = () => Promise.reject(new Error('ran'));
    await expect(rig.call(stop, { scan: 's', ...args }, about)).rejects.toEqual(code(refused));
    expect(rig.events).toMatchObject([{ action: 'write', errorCode: refused }]);
  });

  it('answers a dry run with what it would answer, and does not act', async () => {
    const rig = openDispatch();
    rig.world.act = () => Promise.reject(new Error('ran'));
    expect((await rig.call(stop, { scan: 's', dry_run: true })).structured).toMatchObject({
      dry_run: true,
      tool: stop,
      would_answer: { stopped: true },
    });
    expect(rig.events).toMatchObject([{ action: 'dry-run', result: 'success' }]);
  });

  it('is carried out though its client hangs up meanwhile', async () => {
    const rig = openDispatch();
    const client = new AbortController();
    rig.world.act = async (_scan, signal) => {
      client.abort();
      return { stopped: !signal.aborted };
    };
    expect((await rig.call(stop, { scan: 's' }, { signal: client.signal })).structured).toEqual({ stopped: true });
    expect(rig.events).toMatchObject([{ result: 'started' }, { result: 'success' }]);
  });

  it('that ends with its time says that it may have been carried out', async () => {
    const rig = openDispatch();
    rig.world.act = (_scan, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await expect(rig.call(stop, { scan: 's' })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('look before you repeat it'),
    });
    expect(rig.events).toMatchObject([{ result: 'started' }, { result: 'failure', errorCode: 'timeout' }]);
  });
});

describe('what leaves', () => {
  it('tells and audits what was assumed', async () => {
    const rig = openDispatch();
    expect((await rig.call(check)).beliefs).toMatchObject([{ parameter: 'accounts', assumed: ['1'] }]);
    expect(rig.events).toMatchObject([{ beliefs: [{ parameter: 'accounts', because: 'none were named' }] }]);
  });

  it('hides the text of a fault', async () => {
    const rig = openDispatch();
    rig.world.answer = () => Promise.reject(new Error('password hunter2'));
    await expect(rig.call(check)).rejects.toMatchObject({
      code: 'internal_error',
      message: expect.not.stringContaining('hunter2'),
    });
    expect(JSON.stringify(rig.events)).not.toContain('hunter2');
  });

  it('does not let a tool break its own schema', async () => {
    const rig = openDispatch();
    rig.world.answer = async () => Object.assign({ score: 1 }, { score: 'high' });
    await expect(rig.call(check)).rejects.toEqual(code('internal_error'));
  });

  it('answers nothing that was not audited', async () => {
    const rig = openDispatch();
    rig.auditDown(true);
    await expect(rig.call(check)).rejects.toEqual(code('store_unavailable'));
  });

  it('ends when its time is up or the client is gone', async () => {
    const rig = openDispatch();
    rig.world.answer = (signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await expect(rig.call(check)).rejects.toEqual(code('timeout'));
    await expect(rig.call(check, {}, { signal: AbortSignal.abort() })).rejects.toEqual(code('cancelled'));
  });
});
