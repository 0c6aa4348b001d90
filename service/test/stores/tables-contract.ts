/** What every engine of the tables must do. Called inside a describe with a way to open one. */
import { randomUUID } from 'node:crypto';
import type { Row } from '../../../contracts/tables.ts';
import type { Page, Query, TableEngine, Write } from '../../src/tables.ts';

export interface Engine {
  /** Opens the engine on tables that nobody else uses. The clock is the test's. */
  readonly open: (now: () => Date) => Promise<TableEngine>;
  /** dynalite has no transactions; what needs them is tested on the other engines. */
  readonly transactions?: false;
  /** DynamoDB leaves rows with equal sorts in any order. */
  readonly totalOrder?: false;
  /** DynamoDB deletes expired rows by itself. */
  readonly sweeps?: false;
  /** Takes the server away and brings it back. Without it, closing the engine is what makes it unavailable. */
  readonly outage?: { readonly begin: () => Promise<void>; readonly end: () => Promise<void> };
}

const NOW = new Date('2026-03-01T12:00:00.500Z');
const SECONDS = Math.floor(NOW.getTime() / 1000);
const time = (offset: number): string => new Date(NOW.getTime() + offset).toISOString();

const operation = (fields: Partial<Row<'operations'>> = {}): Row<'operations'> => ({
  operationId: `op_${randomUUID()}`,
  version: 1,
  status: 'planned',
  tool: 'bulk_tag_resources',
  createdBy: 'ada',
  createdAt: time(0),
  updatedAt: time(0),
  record: { plan: [] },
  ...fields,
});

const session = (fields: Partial<Row<'web-sessions'>> = {}): Row<'web-sessions'> => ({
  sessionId: randomUUID(),
  userId: 'ada',
  person: { name: 'Ada' },
  authenticatedAt: SECONDS,
  csrfToken: 'c',
  expirationTime: SECONDS + 60,
  ...fields,
});

const record = (userId: string, offset: number, fields: Partial<Row<'audit-logs'>> = {}): Row<'audit-logs'> => ({
  userId,
  timestamp: time(offset),
  logDate: time(offset).slice(0, 10),
  sequence: offset,
  previousHash: '0',
  hash: '1',
  correlationId: randomUUID(),
  tool: 't',
  action: 'read',
  result: 'success',
  record: {},
  ...fields,
});

/** All pages, by their cursors. */
const follow = async <R>(read: (at: { cursor?: string }) => Promise<Page<R>>): Promise<Page<R>[]> => {
  const pages = [await read({})];
  for (let cursor = pages[0]?.cursor; cursor !== undefined; cursor = pages.at(-1)?.cursor)
    pages.push(await read({ cursor }));
  return pages;
};
const rowsOf = <R>(pages: Page<R>[]): R[] => pages.flatMap(({ items }) => items);

export const tablesContract = ({ open, ...engine }: Engine): void => {
  let now = NOW;
  let tables: TableEngine;
  beforeAll(async () => {
    tables = await open(() => now);
  });
  beforeEach(() => {
    now = NOW;
  });
  afterAll(() => tables.close());

  const later = (seconds: number) => {
    now = new Date(NOW.getTime() + seconds * 1000);
  };
  const stored = (operationId: string) => tables.get('operations', { operationId });

  const everyPage = (query: Query<'audit-logs'>) =>
    follow((cursor) => tables.query('audit-logs', { ...query, ...cursor }));
  const sequences = (pages: Page<Row<'audit-logs'>>[]) => pages.map(({ items }) => items.map((row) => row.sequence));

  describe('get', () => {
    it('answers every attribute as it was written', async () => {
      const row = operation({ idempotencyKey: 'again', version: 2.5 });
      await tables.insert('operations', row);
      expect(await stored(row.operationId)).toStrictEqual(row);
    });

    it('leaves absent attributes out', async () => {
      const row = operation({ idempotencyKey: undefined });
      await tables.insert('operations', row);
      expect(Object.keys((await stored(row.operationId)) ?? {})).not.toContain('idempotencyKey');
    });

    it('answers undefined for a key that is not there, and for one that no row can have', async () => {
      for (const operationId of ['nobody', '', 'a\0b', '\uD800', 'x'.repeat(3000)])
        expect(await stored(operationId)).toBeUndefined();
    });

    it('tells rows of one partition apart by their sort', async () => {
      const row = { accountId: randomUUID(), arn: 'arn:1', record: 1 };
      await tables.insert('sandbox-resources', row);
      await tables.insert('sandbox-resources', { ...row, arn: 'arn:2', record: 2 });
      expect(await tables.get('sandbox-resources', { accountId: row.accountId, arn: 'arn:2' })).toMatchObject({
        record: 2,
      });
    });
  });

  describe('values', () => {
    it.each([
      ['null', null],
      ['false', false],
      ['a text', 'text'],
      ['an empty text', ''],
      ['an empty list', []],
      ['the bounds of numbers', [0, -1, 1.5, 1e-7, 5e-324, 1.7976931348623157e308, Number.MAX_SAFE_INTEGER]],
      ['all scripts', { 'ключ 鍵 🔑': ['ß', '𝒳', '\u202E', 'e\u0301', '\uFFFF', '\uFDD0', '\\u0000', '\\\uFDD0'] }],
      ['control characters', { '\0': '\0\u0001\u001F\u007F', quotes: `"'\\` }],
      ['lone surrogates', ['\uD83D', '\uDE00\uD83D', '\\\uD83D', '\\\\u0000\0']],
      ['dangerous keys', JSON.parse('{"__proto__":1,"constructor":2,"$ref":3,"a.b":4,"":5}')],
      ['deep nesting', JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`)],
    ])('keeps %s', async (_name, value) => {
      const row = operation({ record: value });
      expect(await tables.insert('operations', row)).toBe(true);
      expect((await stored(row.operationId))?.record).toStrictEqual(value);
    });

    it('keeps a big document', async () => {
      const row = operation({ record: Array.from({ length: 20_000 }, (_, i) => ({ arn: `arn:aws:ec2:::${i}`, i })) });
      await tables.insert('operations', row);
      expect(await stored(row.operationId)).toStrictEqual(row);
    });

    it('keeps text in keys and columns', async () => {
      const row = operation({ operationId: `🔑 ключ "'\\%_ ${randomUUID()}`, tool: '' });
      await tables.insert('operations', row);
      expect(await stored(row.operationId)).toStrictEqual(row);
    });

    it('does not change with the object it was given or gave', async () => {
      const document = { tags: ['a'] };
      const row = operation({ record: document });
      await tables.insert('operations', row);
      document.tags.push('b');
      const [first, second] = [await stored(row.operationId), await stored(row.operationId)];
      expect(first?.record).toEqual({ tags: ['a'] });
      expect(first?.record).not.toBe(second?.record);
    });

    it.each([
      [{ operationId: '' }, 'invalid_input'],
      [{ operationId: 'a\0' }, 'invalid_input'],
      [{ tool: '\uD800' }, 'invalid_input'],
      [{ idempotencyKey: '' }, 'invalid_input'],
      [{ operationId: 'x'.repeat(2049) }, 'too_large'],
    ])('refuses %j', async (fields, code) => {
      await expect(tables.insert('operations', operation(fields))).rejects.toMatchObject({ code });
    });

    it.each([{ createdAt: '2026-03-01' }, { createdAt: '2026-13-01T00:00:00.000Z' }, { version: Number.NaN }])(
      'takes %j for a fault',
      async (fields) => {
        await expect(tables.insert('operations', operation(fields))).rejects.toThrow(TypeError);
      },
    );
  });

  describe('insert', () => {
    it('writes once', async () => {
      const row = operation();
      expect(await tables.insert('operations', row)).toBe(true);
      expect(await tables.insert('operations', { ...row, status: 'denied' })).toBe(false);
      expect(await stored(row.operationId)).toStrictEqual(row);
    });

    it('lets exactly one of many win', async () => {
      const row = operation();
      const won = await Promise.all(
        Array.from({ length: 12 }, (_, version) => tables.insert('operations', { ...row, version })),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await stored(row.operationId))?.version).toBe(won.indexOf(true));
    });
  });

  describe('put', () => {
    it('writes whether or not the row is there', async () => {
      const row = operation({ idempotencyKey: 'k' });
      expect(await tables.put('operations', row)).toBe(true);
      const { idempotencyKey, ...rest } = { ...row, status: 'approved' };
      expect(await tables.put('operations', rest)).toBe(true);
      expect(await stored(row.operationId)).toStrictEqual(rest);
    });

    it('writes over a row that meets the expectation, and over no other', async () => {
      const row = operation();
      await tables.insert('operations', row);
      const next = { ...row, version: 2 };
      expect(await tables.put('operations', next, { version: 7 })).toBe(false);
      expect(await tables.put('operations', next, { version: 1, status: 'approved' })).toBe(false);
      expect(await stored(row.operationId)).toStrictEqual(row);
      expect(await tables.put('operations', next, { version: 1, status: 'planned', createdAt: row.createdAt })).toBe(
        true,
      );
      expect(await stored(row.operationId)).toStrictEqual(next);
    });

    it('can expect an attribute to be absent', async () => {
      const row = operation();
      await tables.insert('operations', row);
      expect(await tables.put('operations', { ...row, idempotencyKey: 'a' }, { idempotencyKey: undefined })).toBe(true);
      expect(await tables.put('operations', { ...row, idempotencyKey: 'b' }, { idempotencyKey: undefined })).toBe(
        false,
      );
      expect((await stored(row.operationId))?.idempotencyKey).toBe('a');
    });

    it('never meets an expectation where there is no row', async () => {
      const row = operation();
      for (const expect_ of [{}, { version: 1 }, { idempotencyKey: undefined }])
        expect(await tables.put('operations', row, expect_)).toBe(false);
      expect(await stored(row.operationId)).toBeUndefined();
    });

    it('lets exactly one of many win', async () => {
      const row = operation();
      await tables.insert('operations', row);
      const won = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          tables.put('operations', { ...row, version: 2, tool: `t${i}` }, { version: 1 }),
        ),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await stored(row.operationId))?.tool).toBe(`t${won.indexOf(true)}`);
    });
  });

  describe('remove', () => {
    it('removes a row once, and only that one', async () => {
      const [row, other] = [operation(), operation()];
      await Promise.all([row, other].map((one) => tables.insert('operations', one)));
      expect(await tables.remove('operations', { operationId: row.operationId })).toBe(true);
      expect(await tables.remove('operations', { operationId: row.operationId })).toBe(false);
      expect(await stored(row.operationId)).toBeUndefined();
      expect(await stored(other.operationId)).toBeDefined();
    });

    it('removes only what meets the expectation', async () => {
      const row = operation();
      await tables.insert('operations', row);
      const key = { operationId: row.operationId };
      expect(await tables.remove('operations', key, { status: 'denied' })).toBe(false);
      expect(await stored(row.operationId)).toBeDefined();
      expect(await tables.remove('operations', key, { status: 'planned', idempotencyKey: undefined })).toBe(true);
      expect(await stored(row.operationId)).toBeUndefined();
    });

    it('lets exactly one of many win', async () => {
      const row = session();
      await tables.insert('web-sessions', row);
      const won = await Promise.all(
        Array.from({ length: 12 }, () => tables.remove('web-sessions', { sessionId: row.sessionId })),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('answers false for a key that no row can have', async () => {
      expect(await tables.remove('operations', { operationId: '\0' })).toBe(false);
    });
  });

  describe('expiry', () => {
    it('takes a row for absent from its second on', async () => {
      const row = session();
      await tables.insert('web-sessions', row);
      const key = { sessionId: row.sessionId };
      later(59);
      expect(await tables.get('web-sessions', key)).toStrictEqual(row);
      expect(await tables.put('web-sessions', row, { userId: 'ada' })).toBe(true);
      expect(await tables.insert('web-sessions', row)).toBe(false);
      later(60);
      expect(await tables.get('web-sessions', key)).toBeUndefined();
      expect(await tables.put('web-sessions', row, { userId: 'ada' })).toBe(false);
      expect(await tables.remove('web-sessions', key)).toBe(false);
      expect(await tables.remove('web-sessions', key, { userId: 'ada' })).toBe(false);
    });

    it('lets an insert take the place of an expired row, whole', async () => {
      const row = session({ expirationTime: SECONDS });
      await tables.put('web-sessions', row);
      const next = session({ sessionId: row.sessionId, userId: 'eve' });
      expect(await tables.insert('web-sessions', next)).toBe(true);
      expect(await tables.get('web-sessions', { sessionId: row.sessionId })).toStrictEqual(next);
    });

    it('leaves expired rows out of queries without shortening the page', async () => {
      const userId = randomUUID();
      for (let i = 0; i < 12; i += 1)
        await tables.insert('audit-logs', record(userId, i, { expirationTime: SECONDS + (i % 3 === 0 ? 600 : 0) }));
      expect(sequences(await everyPage({ partition: userId, limit: 3 }))).toEqual([[0, 3, 6], [9]]);
      later(600);
      expect(await tables.query('audit-logs', { partition: userId })).toEqual({ items: [] });
    });

    it('keeps rows without an expiry', async () => {
      const userId = randomUUID();
      await tables.insert('audit-logs', record(userId, 1));
      later(1e9);
      expect((await tables.query('audit-logs', { partition: userId })).items).toHaveLength(1);
      expect(await tables.remove('audit-logs', { userId, timestamp: time(1) }, { sequence: 1 })).toBe(true);
    });

    it('sweeps what expired and nothing else', async () => {
      const rows = [session({ expirationTime: SECONDS - 1 }), session({ expirationTime: SECONDS }), session()];
      for (const row of rows) await tables.put('web-sessions', row);
      const swept = await tables.sweep();
      if (engine.sweeps !== false) expect(swept).toBeGreaterThanOrEqual(2);
      // Looked at from a time when none of them had expired.
      later(-3600);
      const left = await Promise.all(rows.map(({ sessionId }) => tables.get('web-sessions', { sessionId })));
      const expected = engine.sweeps === false ? rows : [undefined, undefined, rows[2]];
      expect(left).toEqual(expected);
    });
  });

  describe('query', () => {
    const userId = randomUUID();
    const accountId = randomUUID();
    beforeAll(async () => {
      // The odd ones are on the account; the order of writing is not the order of time.
      for (const i of [5, 1, 9, 3, 7, 2, 8, 4, 6, 10])
        await tables.insert('audit-logs', record(userId, i, i % 2 === 1 ? { accountId } : {}));
      await tables.insert('audit-logs', record(randomUUID(), 11));
    });

    it('reads a partition in order, page by page, in both directions', async () => {
      expect(sequences(await everyPage({ partition: userId, limit: 4 }))).toEqual([
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [9, 10],
      ]);
      expect(sequences(await everyPage({ partition: userId, limit: 5, descending: true }))).toEqual([
        [10, 9, 8, 7, 6],
        [5, 4, 3, 2, 1],
      ]);
    });

    it('reads an index, which holds only rows with its attributes', async () => {
      const query = { index: 'accountId-timestamp-index', partition: accountId, limit: 2 } as const;
      expect(sequences(await everyPage(query))).toEqual([[1, 3], [5, 7], [9]]);
      expect(sequences(await everyPage({ ...query, descending: true }))).toEqual([[9, 7], [5, 3], [1]]);
    });

    it('keeps to its bounds, both inclusive, on every page', async () => {
      const bounds = { partition: userId, from: time(3), to: time(8) };
      expect(sequences(await everyPage({ ...bounds, limit: 3 }))).toEqual([
        [3, 4, 5],
        [6, 7, 8],
      ]);
      expect(sequences(await everyPage({ ...bounds, limit: 4, descending: true }))).toEqual([
        [8, 7, 6, 5],
        [4, 3],
      ]);
      expect(sequences(await everyPage({ partition: userId, from: time(9) }))).toEqual([[9, 10]]);
      expect(sequences(await everyPage({ partition: userId, to: time(2) }))).toEqual([[1, 2]]);
      expect(sequences(await everyPage({ partition: userId, from: '2027-01-01' }))).toEqual([[]]);
      expect(sequences(await everyPage({ partition: userId, from: time(8), to: time(3) }))).toEqual([[]]);
    });

    it('answers whole rows from an index', async () => {
      const row = operation({ createdBy: randomUUID(), record: { deep: [1] } });
      await tables.insert('operations', row);
      const page = await tables.query('operations', { index: 'createdBy-createdAt-index', partition: row.createdBy });
      expect(page).toEqual({ items: [row] });
    });

    it('leaves a row out of an index once it has lost the attribute', async () => {
      const row = operation({ idempotencyKey: randomUUID() });
      await tables.insert('operations', row);
      const query = { index: 'idempotencyKey-index', partition: String(row.idempotencyKey) } as const;
      expect((await tables.query('operations', query)).items).toHaveLength(1);
      await tables.put('operations', { ...row, idempotencyKey: undefined });
      expect((await tables.query('operations', query)).items).toHaveLength(0);
    });

    it('loses and repeats no row where sorts are equal', async () => {
      const createdBy = randomUUID();
      const ids = Array.from({ length: 9 }, (_, i) => `${createdBy}-${i}`);
      for (const operationId of ids.toReversed())
        await tables.insert(
          'operations',
          operation({ operationId, createdBy, createdAt: time(Number(operationId.at(-1)) % 2) }),
        );
      for (const descending of [false, true]) {
        const query = { index: 'createdBy-createdAt-index', partition: createdBy, limit: 2, descending } as const;
        const pages = await follow((at) => tables.query('operations', { ...query, ...at }));
        const found = rowsOf(pages).map((row) => row.operationId);
        const ordered = [...ids.filter((_, i) => i % 2 === 0), ...ids.filter((_, i) => i % 2 === 1)];
        if (engine.totalOrder === false) expect(found.toSorted()).toEqual(ids);
        else expect(found).toEqual(descending ? ordered.toReversed() : ordered);
      }
    });

    it('sorts text by its bytes, whatever the language', async () => {
      const partition = randomUUID();
      const sorted = ['A', 'Z', 'a', 'z', 'ä', 'я', '\uFFFD', '😀'];
      for (const arn of sorted.toReversed())
        await tables.insert('sandbox-resources', { accountId: partition, arn, record: {} });
      const { items } = await tables.query('sandbox-resources', { partition });
      expect(items.map((row) => row.arn)).toEqual(sorted);
    });

    it('reads a table without a sort by its key', async () => {
      const row = operation();
      await tables.insert('operations', row);
      expect(await tables.query('operations', { partition: row.operationId })).toEqual({ items: [row] });
      expect(await tables.query('operations', { partition: '' })).toEqual({ items: [] });
    });

    it('pages through many big rows', async () => {
      const partition = randomUUID();
      const record = 'x'.repeat(30_000);
      const arns = Array.from({ length: 60 }, (_, i) => `arn:${String(i).padStart(3, '0')}`);
      await Promise.all(arns.map((arn) => tables.insert('sandbox-resources', { accountId: partition, arn, record })));
      const first = await tables.query('sandbox-resources', { partition, limit: 50 });
      const second = await tables.query('sandbox-resources', { partition, limit: 50, cursor: String(first.cursor) });
      expect([...first.items, ...second.items].map((row) => row.arn)).toEqual(arns);
      expect(second.cursor).toBeUndefined();
    });

    it.each([
      ['no cursor at all', 'cursor'],
      ['an empty one', ''],
      ['a made-up one', Buffer.from('["x","2026-03-01T12:00:00.000Z"]').toString('base64url')],
    ])('refuses %s', async (_name, cursor) => {
      await expect(tables.query('audit-logs', { partition: userId, cursor })).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining('cursor'),
      });
    });

    it('refuses the cursor of another query', async () => {
      const { cursor } = await tables.query('audit-logs', { partition: userId, limit: 1 });
      expect(cursor).toBeDefined();
      for (const other of [
        { partition: randomUUID() },
        { partition: userId, descending: true },
        { partition: userId, index: 'accountId-timestamp-index' },
      ] as const)
        await expect(tables.query('audit-logs', { ...other, cursor: String(cursor) })).rejects.toMatchObject({
          code: 'invalid_input',
        });
    });

    it.each([{ limit: 0 }, { limit: 1001 }, { limit: 1.5 }, { from: 'yesterday' }, { to: '99999-01-01' }])(
      'refuses %j',
      async (wrong) => {
        await expect(tables.query('audit-logs', { partition: userId, ...wrong })).rejects.toMatchObject({
          code: 'invalid_input',
          message: expect.stringContaining(Object.keys(wrong)[0] ?? ''),
        });
      },
    );
  });

  describe('scan', () => {
    it('reads every row of a table once', async () => {
      const ids = Array.from({ length: 7 }, () => `head-${randomUUID()}`);
      for (const userId of ids)
        await tables.insert('audit-heads', { userId, sequence: 1, hash: 'h', timestamp: time(0) });
      const pages = await follow((at) => tables.scan('audit-heads', { limit: 3, ...at }));
      const found = rowsOf(pages).map((row) => row.userId);
      expect(found.filter((id) => ids.includes(id)).toSorted()).toEqual(ids.toSorted());
    });
  });

  if (engine.transactions !== false) transactions(() => tables, later);

  describe('while it is away', () => {
    const calls = (): Promise<unknown>[] => [
      tables.get('operations', { operationId: 'x' }),
      tables.insert('operations', operation()),
      tables.put('operations', operation()),
      tables.remove('operations', { operationId: 'x' }),
      tables.query('operations', { partition: 'x' }),
      tables.scan('operations'),
      tables.ping(),
    ];

    it('answers a ping while it is there', async () => {
      await expect(tables.ping()).resolves.toBeUndefined();
    });

    const { outage } = engine;
    if (outage !== undefined)
      it('rejects every verb with store_unavailable, and works again afterwards', async () => {
        await outage.begin();
        try {
          const answers = await Promise.allSettled(calls());
          for (const answer of answers)
            expect(answer).toMatchObject({
              status: 'rejected',
              reason: { code: 'store_unavailable', message: expect.not.stringMatching(/127\.0\.0\.1|:\/\//) },
            });
        } finally {
          await outage.end();
        }
        await expect(tables.ping()).resolves.toBeUndefined();
        expect(await tables.insert('operations', operation())).toBe(true);
      });
  });
};

const transactions = (engine: () => TableEngine, later: (seconds: number) => void): void => {
  const insert = (row: Row<'operations'>): Write => ({ kind: 'insert', table: 'operations', row });
  const stored = (operationId: string) => engine().get('operations', { operationId });

  describe('transact', () => {
    it('writes all, over several tables', async () => {
      const tables = engine();
      const [one, two, three] = [operation(), operation(), operation()];
      const web = session();
      await tables.insert('operations', two);
      await tables.insert('operations', three);
      const done = await tables.transact([
        insert(one),
        { kind: 'put', table: 'operations', row: { ...two, version: 2 }, expect: { version: 1 } },
        { kind: 'remove', table: 'operations', key: { operationId: three.operationId }, expect: { version: 1 } },
        { kind: 'put', table: 'web-sessions', row: web },
      ]);
      expect(done).toBe(true);
      expect(await stored(one.operationId)).toStrictEqual(one);
      expect((await stored(two.operationId))?.version).toBe(2);
      expect(await stored(three.operationId)).toBeUndefined();
      expect(await tables.get('web-sessions', { sessionId: web.sessionId })).toStrictEqual(web);
    });

    it.each<[string, (row: Row<'operations'>) => Write]>([
      ['an insert', (row) => insert(row)],
      ['an expectation', (row) => ({ kind: 'put', table: 'operations', row, expect: { version: 9 } })],
      ['a removal', () => ({ kind: 'remove', table: 'operations', key: { operationId: randomUUID() } })],
      ['an impossible removal', () => ({ kind: 'remove', table: 'operations', key: { operationId: '' } })],
      [
        'an expected removal',
        (row) => ({
          kind: 'remove',
          table: 'operations',
          key: { operationId: row.operationId },
          expect: { version: 9 },
        }),
      ],
    ])('writes nothing when %s does not hold', async (_name, failing) => {
      const tables = engine();
      const there = operation();
      await tables.insert('operations', there);
      const around = Array.from({ length: 6 }, () => operation());
      const writes = [...around.slice(0, 3).map(insert), failing(there), ...around.slice(3).map(insert)];
      expect(await tables.transact(writes)).toBe(false);
      for (const { operationId } of around) expect(await stored(operationId)).toBeUndefined();
      expect(await stored(there.operationId)).toStrictEqual(there);
    });

    it('writes 100 rows, and nothing for no writes', async () => {
      const rows = Array.from({ length: 100 }, (_, i) => operation(i % 2 === 0 ? { idempotencyKey: `k${i}` } : {}));
      expect(await engine().transact(rows.map(insert))).toBe(true);
      const found = await Promise.all(rows.map((row) => stored(row.operationId)));
      expect(found).toStrictEqual(rows);
      expect(await engine().transact([])).toBe(true);
    });

    it('takes more than 100 writes, or two to one row, for a fault', async () => {
      const row = operation();
      await expect(engine().transact(Array.from({ length: 101 }, () => insert(operation())))).rejects.toThrow(
        TypeError,
      );
      await expect(engine().transact([insert(row), { kind: 'put', table: 'operations', row }])).rejects.toThrow(
        TypeError,
      );
    });

    it('lets exactly one of many win', async () => {
      const tables = engine();
      const [one, two] = [operation(), operation()];
      await tables.insert('operations', one);
      await tables.insert('operations', two);
      const won = await Promise.all(
        Array.from({ length: 8 }, (_, i) => {
          const writes: Write[] = [one, two].map((row) => ({
            kind: 'put',
            table: 'operations',
            row: { ...row, version: 2, tool: `t${i}` },
            expect: { version: 1 },
          }));
          return tables.transact(i % 2 === 0 ? writes : writes.toReversed());
        }),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      const tools = [(await stored(one.operationId))?.tool, (await stored(two.operationId))?.tool];
      expect(tools).toEqual([`t${won.indexOf(true)}`, `t${won.indexOf(true)}`]);
    });

    it('counts expired rows as absent', async () => {
      const tables = engine();
      const row = session();
      await tables.insert('web-sessions', row);
      later(60);
      const key = { sessionId: row.sessionId };
      expect(await tables.transact([{ kind: 'remove', table: 'web-sessions', key }, insert(operation())])).toBe(false);
      const next = { ...row, expirationTime: SECONDS + 999 };
      const writes: Write[] = [{ kind: 'insert', table: 'web-sessions', row: next }, insert(operation())];
      expect(await tables.transact(writes)).toBe(true);
      expect(await tables.get('web-sessions', key)).toStrictEqual(next);
    });
  });
};
