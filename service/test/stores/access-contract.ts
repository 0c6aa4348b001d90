/** What access to accounts promises, on whatever engine keeps it. */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../src/accounts/parts.ts';
import { CountersignError } from '../../src/errors.ts';
import type { TableEngine, Tables } from '../../src/ports/tables.ts';
import { openAccessRig, somebody } from '../rigs/access.ts';

const DAY = 86_400_000;
const ads = (accountId: string) => ({ api: 'GoogleAds', accountId });
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'taken',
    (error: unknown) => (error instanceof CountersignError ? error.code : String(error)),
  );
const messageOf = (work: Promise<unknown>): Promise<string> => work.then(() => '', String);

export const accessContract = (open: (now: () => Date) => Promise<TableEngine>): void => {
  let tables: TableEngine;
  let time = Date.parse('2026-11-20T09:00:00.000Z');
  const now = () => new Date(time);
  let rig: ReturnType<typeof openAccessRig>;
  /** People of this test's own, because the tests share one store. */
  let ana: Actor;
  let ben: Actor;
  let other: Actor;
  let ada: Actor;

  beforeAll(async () => {
    tables = await open(now);
    rig = openAccessRig(tables, now);
  });
  afterAll(() => tables.close());
  beforeEach(() => {
    const own = randomUUID().slice(0, 8);
    const [north, south] = [`north-${own}`, `south-${own}`];
    ana = somebody(`ana-${own}`, north, ['tag:write']);
    ben = somebody(`ben-${own}`, north, ['tag:approve']);
    other = somebody(`other-${own}`, south, ['tag:approve']);
    ada = somebody(`ada-${own}`, undefined, ['admin']);
  });

  it('gives what was approved of what was asked for, to the person who asked', async () => {
    const property = { api: 'GSC', accountId: 'https://example.com/', accountName: 'Shop', clientName: 'Client A' };
    const asked = await rig.ask(ana, [ads('1234567890'), property, ads('1111111111')]);
    expect(asked).toMatchObject({ status: 'PENDING', team: ana.team, expiresAt: '2026-12-04T09:00:00.000Z' });
    const keys = ['GoogleAds:1234567890', 'GSC:https://example.com/'];
    const decided = await rig.decide(ben, asked.requestId, {
      accounts: keys,
      days: 30,
      note: 'Until the end of spring',
    });
    expect(decided).toMatchObject({ status: 'APPROVED', decidedBy: ben.email, expiresAt: '2026-12-20T09:00:00.000Z' });
    expect(
      await tables.get('approved-accounts', { userId: ana.personId, accountKey: 'GSC:https://example.com/' }),
    ).toMatchObject({
      ...property,
      approvedBy: ben.email,
      approvedAt: '2026-11-20T09:00:00.000Z',
      expiresAt: '2026-12-20T09:00:00.000Z',
      requestId: asked.requestId,
      status: 'ACTIVE',
    });
    expect(await rig.refusal(ana, [ads('1234567890'), property])).toBeUndefined();
    expect(await rig.refusal(ana, [ads('1111111111')])).toMatchObject({
      code: 'account_not_authorized',
      details: {
        code: 'ACCOUNT_NOT_AUTHORIZED',
        api: 'GoogleAds',
        requestedAccount: '1111111111',
        approvedAccounts: [{ accountId: '1234567890' }],
        action: expect.stringContaining('request_account_access'),
      },
    });
    expect(await rig.refusal(ben, [ads('1234567890')])).toMatchObject({ details: { approvedAccounts: [] } });
    expect(await rig.recordsOf(ben.personId)).toEqual(['decide_access_request approve success']);
    expect(await rig.recordsOf(ana.personId)).toEqual(['request_account_access write success']);
  });

  it('ends at its time, whether or not the daily work has run', async () => {
    const { requestId } = await rig.ask(ana, [ads('2000000001')]);
    await rig.decide(ben, requestId, { days: 1 });
    time += DAY - 1000;
    expect(await rig.refusal(ana, [ads('2000000001')])).toBeUndefined();
    time += 1000;
    expect(await rig.refusal(ana, [ads('2000000001')])).toMatchObject({
      code: 'account_not_authorized',
      details: { approvedAccounts: [] },
    });
    const row = { userId: ana.personId, accountKey: 'GoogleAds:2000000001' };
    expect(await tables.get('approved-accounts', row)).toMatchObject({ status: 'ACTIVE' });
    await Promise.all([rig.expire(), openAccessRig(tables, now).expire()]);
    expect(await tables.get('approved-accounts', row)).toMatchObject({ status: 'EXPIRED', requestId });
    expect((await rig.recordsOf(ana.personId)).filter((record) => record.includes('expire'))).toEqual([
      'decide_access_request expire success',
    ]);
  });

  it('answers the same for an account of somebody else and for one that does not exist, and knows no children', async () => {
    const { requestId } = await rig.ask(ana, [ads('3000000000')]);
    await rig.decide(ada, requestId);
    const told = async (accountId: string) =>
      JSON.stringify({ ...Object(await rig.refusal(ben, [ads(accountId)])), message: '' }).replaceAll(accountId, 'X');
    expect(await told('3000000000')).toBe(await told('3999999999'));
    // The account above is a manager account: those below it are approved on their own.
    expect(await rig.refusal(ana, [ads('3000000000')])).toBeUndefined();
    expect(await rig.refusal(ana, [ads('3000000001')])).toMatchObject({ code: 'account_not_authorized' });
    expect(await rig.refusal({ ...ana, issuer: 'https://elsewhere.example.com' }, [ads('3000000000')])).toMatchObject({
      code: 'account_not_authorized',
    });
  });

  it('is never decided by whoever asked, through whatever client or subject', async () => {
    const max = somebody(ana.personId, ana.team, ['tag:write', 'tag:approve', 'admin']);
    const { requestId } = await rig.ask(max, [ads('4000000000')]);
    const self = 'self_approval_forbidden';
    expect(await code(rig.decide(max, requestId))).toBe(self);
    expect(await code(rig.decide({ ...max, clientId: 'another' }, requestId, {}, 'mcp'))).toBe(self);
    expect(await code(rig.decide({ ...ben, email: max.email }, requestId))).toBe(self);
    expect(await code(rig.decide({ ...ada, email: '' }, requestId))).toBe('access_denied');
    expect(await rig.refusal(max, [ads('4000000000')])).toMatchObject({ code: 'account_not_authorized' });
    expect(await rig.recordsOf(max.personId)).toContain(`decide_access_request approve blocked ${self}`);
  });

  it('does not exist for managers of another team, for people without a team and for whoever guesses', async () => {
    const { requestId } = await rig.ask(ana, [ads('5000000000')]);
    const missing = `ar_${'0'.repeat(32)}`;
    const expected = (await messageOf(rig.decide(other, missing))).replace(missing, 'ID');
    for (const who of [other, { ...ben, team: undefined }, somebody('vera', ana.team, ['tag:read'])])
      expect((await messageOf(rig.decide(who, requestId))).replace(requestId, 'ID')).toBe(expected);
    const teamless = await rig.ask({ ...ana, team: undefined }, [ads('5000000001')]);
    expect(await code(rig.decide({ ...ben, team: undefined }, teamless.requestId))).toBe('not_found');
    expect(await code(rig.decide(ben, teamless.requestId))).toBe('not_found');
    expect(await rig.decide(ada, teamless.requestId)).toMatchObject({ status: 'APPROVED' });
  });

  it('is decided once, by whoever of two is first', async () => {
    const { requestId } = await rig.ask(ana, [ads('6000000000')]);
    const elsewhere = openAccessRig(tables, now);
    const answers = await Promise.all([
      code(rig.decide(ben, requestId)),
      code(elsewhere.decide(ada, requestId, { decision: 'reject', note: 'No' })),
    ]);
    expect(answers.toSorted()).toEqual(['already_decided', 'taken']);
    const approved = answers[0] === 'taken';
    expect((await rig.refusal(ana, [ads('6000000000')])) === undefined).toBe(approved);
    const records = [...(await rig.recordsOf(ben.personId)), ...(await rig.recordsOf(ada.personId))];
    expect(records.filter((record) => record.endsWith('success'))).toHaveLength(1);
    expect(await code(rig.decide(ada, requestId))).toBe('already_decided');
  });

  it('leaves the whole of a decision or nothing of it, where the store fails before or after the write', async () => {
    const failing = (when: 'before' | 'after'): Tables => ({
      get: (table, key) => tables.get(table, key),
      insert: (table, row) => tables.insert(table, row),
      put: (table, row, expect) => tables.put(table, row, expect),
      remove: (table, key, expect) => tables.remove(table, key, expect),
      query: (table, query) => tables.query(table, query),
      transact: async (writes) => {
        if (when === 'after') await tables.transact(writes);
        throw new CountersignError('store_unavailable', 'the answer got lost');
      },
    });
    const { requestId } = await rig.ask(ana, [ads('7000000000')]);
    expect(await code(openAccessRig(failing('before'), now).decide(ben, requestId))).toBe('store_unavailable');
    expect(await rig.refusal(ana, [ads('7000000000')])).toMatchObject({ code: 'account_not_authorized' });
    expect(await rig.recordsOf(ben.personId)).toEqual([]);
    expect(await code(openAccessRig(failing('after'), now).decide(ben, requestId))).toBe('store_unavailable');
    expect(await rig.refusal(ana, [ads('7000000000')])).toBeUndefined();
    expect(await rig.recordsOf(ben.personId)).toEqual(['decide_access_request approve success']);
  });

  it('can be taken away, and what was before is kept when it is given again', async () => {
    const account = ads('8000000000');
    const first = await rig.ask(ana, [account]);
    await rig.decide(ben, first.requestId);
    expect(await code(rig.revoke(other, ana.personId, account))).toBe('not_found');
    await rig.revoke(ben, ana.personId, account);
    expect(await rig.refusal(ana, [account])).toMatchObject({ code: 'account_not_authorized' });
    expect(await code(rig.revoke(ben, ana.personId, account))).toBe('not_found');
    const again = await rig.ask(ana, [account]);
    await rig.decide(ada, again.requestId, { days: 0 });
    const [row] = await rig.store.approvalsFor(account);
    expect(row).toMatchObject({
      requestId: again.requestId,
      status: 'ACTIVE',
      history: [{ requestId: first.requestId, status: 'REVOKED', approvedBy: ben.email, endedBy: ben.email }],
    });
    expect(row?.expiresAt).toBeUndefined();
    expect(await code(rig.ask(ana, [account]))).toBe('invalid_input');
    const actions = (await rig.audit.query({ accountId: account.accountId })).items.map(({ action }) => action);
    // One was refused, of another team, and one was over.
    expect(actions.toSorted()).toEqual(['approve', 'approve', 'delete', 'delete', 'delete', 'write', 'write']);
    await rig.revoke(ana, ana.personId, account);
    expect(await rig.store.holdersOf(account)).toEqual([]);
  });

  it('is found by who waits, who decides and who may act', async () => {
    const account = ads('9000000000');
    const [mine, hers] = [await rig.ask(ana, [account]), await rig.ask(other, [account])];
    expect((await rig.store.pending(ana.team)).map(({ requestId }) => requestId)).toEqual([mine.requestId]);
    expect((await rig.store.pending()).map(({ requestId }) => requestId)).toEqual(
      expect.arrayContaining([mine.requestId, hers.requestId]),
    );
    await rig.decide(ben, mine.requestId);
    await rig.decide(ada, hers.requestId);
    expect((await rig.store.holdersOf(account)).map(({ userId }) => userId).toSorted()).toEqual(
      [ana.personId, other.personId].toSorted(),
    );
    const page = await rig.store.requestsOf(ana.personId, { limit: 10 });
    expect(page.items.map(({ requestId, status }) => [requestId, status])).toEqual([[mine.requestId, 'APPROVED']]);
  });

  it('expires where nobody decides', async () => {
    const { requestId } = await rig.ask(ana, [ads('1000000009')]);
    expect(await code(rig.ask(ana, [ads('1000000009')]))).toBe('conflict');
    time += 14 * DAY;
    expect(await code(rig.decide(ben, requestId))).toBe('request_expired');
    await Promise.all([rig.expire(), openAccessRig(tables, now).expire()]);
    expect(await tables.get('access-requests', { requestId })).toMatchObject({ status: 'EXPIRED' });
    expect((await rig.recordsOf(ana.personId)).filter((record) => record.includes('expire'))).toHaveLength(1);
  });

  describe('under attack', () => {
    /** The reads that a question takes: which table, by key or by which index. A clock could only tell of what differs here. */
    const watching = () => {
      const reads: string[] = [];
      const watched: Tables = {
        get: (table, key) => {
          reads.push(`get ${table}`);
          return tables.get(table, key);
        },
        query: (table, query) => {
          reads.push(`query ${table} ${query.index ?? ''}`);
          return tables.query(table, query);
        },
        insert: (table, row) => tables.insert(table, row),
        put: (table, row, expect) => tables.put(table, row, expect),
        remove: (table, key, expect) => tables.remove(table, key, expect),
        transact: (writes) => tables.transact(writes),
      };
      return { reads, rig: openAccessRig(watched, now) };
    };

    it('answers to the byte and by the same reads for an account that others may use and for one that is nobody’s', async () => {
      const own = await rig.ask(ben, [ads('1010101010')]);
      await rig.decide(ada, own.requestId);
      const theirs = await rig.ask(ana, [ads('2020202020')]);
      await rig.decide(ada, theirs.requestId);
      const told = async (accountId: string) => {
        const { reads, rig: watched } = watching();
        const error = await watched.refusal(ben, [ads(accountId)]);
        if (!(error instanceof CountersignError)) throw new Error('it was allowed');
        const { code: name, message, details, status } = error;
        return { answer: JSON.stringify({ name, message, details, status }).replaceAll(accountId, 'ACCOUNT'), reads };
      };
      const [forbidden, missing] = [await told('2020202020'), await told('3030303030')];
      expect(forbidden.answer).toContain('1010101010');
      expect(forbidden).toEqual(missing);
    });

    it('answers by the same reads whether or not somebody else’s request exists', async () => {
      const { requestId } = await rig.ask(ana, [ads('4040404040')]);
      const readsOf = async (id: string) => {
        const { reads, rig: watched } = watching();
        expect(await code(watched.decide(other, id))).toBe('not_found');
        return reads.filter((read) => !read.includes('audit'));
      };
      expect(await readsOf(requestId)).toEqual(await readsOf(`ar_${'f'.repeat(32)}`));
    });

    it('gives nothing that was not asked for, whatever a decision names', async () => {
      const { requestId } = await rig.ask(ana, [ads('5050505050')]);
      for (const accounts of [
        ['GoogleAds:9999999999'],
        ['GoogleAds:5050505050', 'GSC:https://example.com/'],
        [],
        ['GoogleAds:5050505050 '],
      ])
        expect(await code(rig.decide(ben, requestId, { accounts }))).toBe('invalid_input');
      for (const days of [-1, 0.5, 1826, Number.NaN, Number.POSITIVE_INFINITY])
        expect(await code(rig.decide(ben, requestId, { days }))).toBe('invalid_input');
      expect(await rig.store.approvalsOf(ana.personId)).toEqual([]);
      await rig.decide(ben, requestId, { accounts: ['GoogleAds:5050505050', 'GoogleAds:5050505050'] });
      expect((await rig.store.approvalsOf(ana.personId)).map(({ accountKey }) => accountKey)).toEqual([
        'GoogleAds:5050505050',
      ]);
    });

    it('does not take a decision again: what was taken away or rejected stays so', async () => {
      const account = ads('6060606060');
      const first = await rig.ask(ana, [account]);
      await rig.decide(ben, first.requestId);
      await rig.revoke(ben, ana.personId, account);
      const second = await rig.ask(ana, [account]);
      await rig.decide(ben, second.requestId, { decision: 'reject', note: 'No' });
      for (const { requestId } of [first, second])
        for (const who of [ben, ada]) expect(await code(rig.decide(who, requestId))).toBe('already_decided');
      expect(await rig.refusal(ana, [account])).toMatchObject({ code: 'account_not_authorized' });
    });

    it('is not found by a request id of another spelling, and by none that looks like a key of something else', async () => {
      const { requestId } = await rig.ask(ana, [ads('7070707070')]);
      for (const forged of [requestId.toUpperCase(), `${requestId} `, '', '__proto__', `${requestId}\u0000`])
        expect(['not_found', 'invalid_input']).toContain(await code(rig.decide(ben, forged)));
      expect(await tables.get('access-requests', { requestId })).toMatchObject({ status: 'PENDING' });
    });
  });
};
