import { auditKeys } from '../../test/rigs/audit-keys.ts';
import { DAY, MINUTE, openAudited } from '../../test/rigs/audited.ts';
import { hashOf, headOf, NO_HASH, recordToRow } from './chain.ts';
import { hmac } from './mac.ts';

const otherKey = hmac(new Uint8Array(32).fill(8));

/** Ana has five records, Ben three, and all are anchored. */
const anchored = async () => {
  const on = openAudited();
  const task = on.task();
  await task.run('now');
  await on.append('ana', 5);
  await on.append('ben', 3);
  await task.run('now');
  expect((await on.verify()).breaks).toEqual([]);
  return { ...on, first: task };
};
type Audited = Awaited<ReturnType<typeof anchored>>;
const of = (userId: string, ...kinds: string[]) =>
  kinds.map((kind) => expect.objectContaining({ partition: userId, kind }));

describe('somebody who may write the tables is found out, without anchors too', () => {
  const attacks: [string, (on: Audited) => Promise<unknown>][] = [
    [
      'removes all records and lets the head say that they have expired',
      async (on) => {
        await on.remove('ana');
        await on.setHead({ ...(await on.head('ana')), recordExpires: 1 });
      },
    ],
    [
      'lets the head say so without a signature',
      async (on) => {
        await on.remove('ana');
        await on.setHead({ ...(await on.head('ana')), recordExpires: 1, signature: undefined });
      },
    ],
    ['hides all records by an early expiry', (on) => on.change('ana', { expirationTime: 1 })],
    [
      'hides them by an expiry before 1970, and the head with them',
      async (on) => {
        await on.change('ana', { expirationTime: -1 });
        await on.setHead({ ...(await on.head('ana')), recordExpires: -1 });
      },
    ],
    [
      'puts one record 6 in the place of the chain',
      async (on) => {
        const [first] = await on.append('eve');
        if (first === undefined) throw new Error('nothing appended');
        const record = {
          ...first,
          userId: 'ana',
          sequence: 6,
          previousHash: (await on.head('ana')).hash,
          previousExpires: 1,
        };
        const forged = { ...record, hash: hashOf(record) };
        await on.remove('ana');
        await on.tables.put('audit-logs', recordToRow(forged, headOf(forged, 30).recordExpires));
        await on.setHead(headOf(forged, 30));
      },
    ],
    ['writes the chain anew', (on) => on.forge('ana', () => ({ result: 'failure' }))],
    [
      'writes it anew under the signature it had',
      async (on) => {
        const { signature } = await on.head('ana');
        await on.forge('ana', () => ({ result: 'failure' }));
        await on.setHead({ ...(await on.head('ana')), signature });
      },
    ],
    [
      'signs it with a key of their own',
      async (on) => {
        await on.forge('ana', () => ({ result: 'failure' }));
        await on.strip('ana');
        await on.append('ana', 1, [otherKey]);
      },
    ],
    [
      'writes it anew and waits for the service to go on from there',
      async (on) => {
        await on.forge('ana', () => ({ result: 'failure' }));
        await on.append('ana');
      },
    ],
    [
      'moves a record to somebody else’s chain',
      async (on) => {
        const row = (await on.rowsOf('ana'))[4];
        if (row !== undefined) await on.tables.put('audit-logs', { ...row, userId: 'ben' });
      },
    ],
    ['takes a signature away', (on) => on.strip('ana')],
    [
      'shortens the life of the last record',
      async (on) => {
        const row = (await on.rowsOf('ana'))[4];
        if (row !== undefined) await on.tables.put('audit-logs', { ...row, expirationTime: 5 });
      },
    ],
  ];

  it.each(attacks)('who %s', async (_what, attack) => {
    const on = await anchored();
    await attack(on);
    const [alone, held] = [await on.verifyWithoutAnchors(), await on.verify()];
    for (const { breaks } of [alone, held])
      expect(breaks.filter(({ partition }) => partition !== 'eve')).not.toEqual([]);
    // Later, when what was hidden could have expired by its own word, too.
    on.wait(DAY);
    await on.first.run('now');
    expect((await on.verifyWithoutAnchors()).breaks).not.toEqual([]);
  });
});

describe('a record that says who was told of an operation', () => {
  const told = {
    tool: 'notices',
    operationId: 'op_1',
    accountId: '111111111111',
    origin: 'upkeep',
    notificationsSent: ['email ben'],
    parameters: { notice: 'waiting', operation_id: 'op_1' },
  } as const;
  const another = {
    userId: 'ben',
    timestamp: '2026-03-01T12:00:00.500Z',
    logDate: '2026-03-02',
    sequence: 7,
    previousHash: 'a'.repeat(64),
    hash: 'b'.repeat(64),
    correlationId: 'd',
    tool: 'bulk_tag_resources',
    action: 'read',
    result: 'blocked',
    operationId: 'op_2',
    accountId: '222222222222',
    record: { origin: 'upkeep' },
    expirationTime: 5,
  };

  it.each([
    ['in the middle', [{}, told, {}]],
    ['as the newest', [{}, {}, told]],
  ])('is found out when any column of it is changed: %s', async (_where, events) => {
    const on = openAudited();
    await on.tell('ana', ...events);
    const row = (await on.rowsOf('ana')).find(({ tool }) => tool === 'notices');
    if (row === undefined) throw new Error('nobody was told');
    expect(Object.keys(another).toSorted()).toEqual(Object.keys(row).toSorted());
    const keyOf = ({ userId, timestamp }: typeof row) => ({ userId, timestamp });
    const unnoticed: string[] = [];
    for (const [column, value] of Object.entries(another)) {
      const changed = { ...row, [column]: value };
      await on.tables.remove('audit-logs', keyOf(row));
      await on.tables.put('audit-logs', changed);
      if ((await on.verify()).breaks.length === 0) unnoticed.push(column);
      await on.tables.remove('audit-logs', keyOf(changed));
      await on.tables.put('audit-logs', row);
      expect((await on.verify()).breaks).toEqual([]);
    }
    expect(unnoticed).toEqual([]);
  });
});

describe('anchors find out', () => {
  it('a chain that was taken away whole', async () => {
    const on = await anchored();
    await on.remove('ana');
    await on.removeHead('ana');
    expect((await on.verifyWithoutAnchors()).breaks).toEqual([]);
    expect((await on.verify()).breaks).toEqual(of('ana', 'forged-head'));
    await on.append('ana');
    expect((await on.verify()).breaks).toEqual(of('ana', 'missing'));
  });

  it('all chains taken away, with the mark', async () => {
    const on = await anchored();
    for (const userId of ['ana', 'ben']) {
      await on.remove(userId);
      await on.removeHead(userId);
    }
    await on.removeMark();
    expect((await on.verify()).breaks.map(({ partition }) => partition)).toEqual(
      expect.arrayContaining(['ana', 'ben', 'countersign:audit-mark']),
    );
  });

  it('a chain put back to an earlier head that was really signed', async () => {
    const on = await anchored();
    const earlier = await on.head('ana');
    await on.append('ana', 2);
    await on.first.run('now');
    await on.remove('ana', 6, 7);
    await on.setHead(earlier);
    expect((await on.verifyWithoutAnchors()).breaks).toEqual([]);
    expect((await on.verify()).breaks).toEqual(of('ana', 'missing'));
    await on.append('ana', 2);
    expect((await on.verify()).breaks).toEqual(of('ana', 'changed'));
  });

  it('a chain that was taken away whole, by the count of all, where there are none', async () => {
    const on = openAudited();
    const task = on.taskWithoutAnchors();
    await on.append('ana', 3);
    await on.append('ben', 2);
    await task.run();
    expect((await on.verifyWithoutAnchors()).breaks).toEqual([]);
    await on.remove('ben');
    await on.removeHead('ben');
    expect((await on.verifyWithoutAnchors()).breaks).toEqual(of('countersign:audit-mark', 'missing'));
    await task.run();
    await on.taskWithoutAnchors().run();
    expect((await on.verifyWithoutAnchors()).breaks).toEqual(of('countersign:audit-mark', 'missing'));
    expect(on.counted.broken).toBe(1);
  });

  it('go on where there was only the count before', async () => {
    const on = openAudited();
    await on.append('ana', 3);
    await on.taskWithoutAnchors().run();
    await on.task().run('now');
    expect((await on.verify()).breaks).toEqual([]);
    await on.append('ana', 3);
    await on.taskWithoutAnchors().run();
    on.kept.clear();
    expect((await on.verify()).breaks).toEqual([expect.objectContaining({ kind: 'anchor' })]);
  });

  it('a chain that is older than they are and that none of them names', async () => {
    const on = await anchored();
    await on.append('eve', 2);
    const rows = await on.rowsOf('eve');
    const head = await on.head('eve');
    await on.remove('eve');
    await on.removeHead('eve');
    on.wait(DAY);
    await on.append('ben');
    await on.first.run('now');
    for (const row of rows) await on.tables.put('audit-logs', row);
    await on.setHead(head);
    expect((await on.verify()).breaks).toEqual(of('eve', 'unproven'));
  });

  it('what an earlier report named', async () => {
    const on = openAudited();
    await on.append('ana', 5);
    const { heads: since } = await on.verify();
    await on.remove('ana');
    await on.removeHead('ana');
    expect((await on.verify()).breaks).toEqual([]);
    expect((await on.verify({ since })).breaks).toEqual(of('ana', 'forged-head'));
  });

  it('each other: one gone, the last gone, all gone, one forged, one copied', async () => {
    const on = await anchored();
    await on.append('ana');
    await on.first.run('now');
    const whole = new Map(on.kept);
    expect([...whole.keys()]).toEqual([1, 2, 3]);
    const problems = async (change: (kept: Map<number, string>) => void) => {
      on.kept.clear();
      for (const [number, text] of whole) on.kept.set(number, text);
      change(on.kept);
      return (await on.verify()).breaks.filter(({ kind }) => kind === 'anchor').map(({ detail }) => detail);
    };
    expect(await problems(() => {})).toEqual([]);
    expect(await problems((kept) => kept.delete(2))).toContain('it is gone');
    expect(await problems((kept) => kept.delete(3))).toEqual(['memory has only 2, and the service wrote 3']);
    expect(await problems((kept) => kept.clear())).toEqual(['memory has none, and the service wrote 3']);
    expect(await problems((kept) => kept.set(3, String(whole.get(3)).replace('"ana":[6', '"ana":[5')))).toContain(
      'its signature is wrong',
    );
    expect(await problems((kept) => kept.set(4, String(whole.get(3))))).toContain('it is a copy of anchor 3');
    expect(await problems((kept) => kept.set(3, '{'))).toContain('it is not an anchor');
  });
});

describe('the key', () => {
  it('finds nothing whole that another one signed', async () => {
    const on = await anchored();
    const { breaks, heads } = await on.verify({ keys: [otherKey] });
    expect(heads).toEqual({});
    expect(breaks.map(({ detail }) => detail).join()).toContain('--old-key-file');
  });

  it('can change: the log goes on, and is whole for who has both', async () => {
    const on = await anchored();
    const now = [otherKey] as const;
    on.wait(5 * MINUTE);
    await on.task(now).run('now');
    await on.append('ana', 2, now);
    on.wait(5 * MINUTE);
    await on.task(now).run('now');
    expect((await on.verify({ keys: [otherKey, ...auditKeys] })).breaks).toEqual([]);
    expect((await on.verify({ keys: now })).breaks).toEqual(of('ana', 'unsigned').concat(of('ben', 'unsigned')));
    await on.remove('ana', 2);
    expect((await on.verify({ keys: [otherKey, ...auditKeys] })).breaks).toEqual(of('ana', 'missing'));
  });
});

describe('a log that was begun before heads were signed', () => {
  const legacy = async () => {
    const on = openAudited();
    await on.append('ana', 3);
    await on.append('ben', 2);
    await on.strip('ana', 'ben');
    return on;
  };

  it('is whole, then signed at the first look, and from then on must be', async () => {
    const on = await legacy();
    expect(await on.verify()).toMatchObject({ breaks: [], records: 5, unsigned: 2 });
    await on.task().run('now');
    expect(await on.verify()).toMatchObject({ breaks: [], records: 5, unsigned: 0 });
    await on.strip('ben');
    expect((await on.verify()).breaks).toEqual(of('ben', 'unsigned'));
    on.wait(5 * MINUTE);
    await on.task().run('now');
    expect((await on.verify()).breaks).toEqual(of('ben', 'unsigned'));
    expect(on.counted.broken).toBe(1);
  });

  it('may be written by a version that does not sign for a day more, and not after', async () => {
    const on = await legacy();
    await on.task().run('now');
    // Once by the version of before, once by this one on top of it.
    for (const userId of ['ana', 'ben']) {
      await on.append(userId);
      await on.strip(userId);
    }
    await on.append('ben');
    expect(await on.verify()).toMatchObject({ breaks: [], unsigned: 2 });
    on.wait(5 * MINUTE);
    await on.task().run();
    expect(await on.verify()).toMatchObject({ breaks: [], records: 8, unsigned: 0 });
    on.wait(DAY);
    await on.append('ana');
    await on.strip('ana');
    expect((await on.verify()).breaks).toEqual(of('ana', 'unsigned'));
    await on.task().run();
    expect((await on.verify()).breaks).toEqual(of('ana', 'unsigned'));
  });

  it('is not signed where it was tampered with', async () => {
    const on = await legacy();
    await on.remove('ana', 2);
    await on.task().run('now');
    expect((await on.verify()).breaks).toEqual(of('ana', 'missing'));
    expect((await on.head('ana')).signature).toBeUndefined();
  });

  it('counts a beginning that is not the first record only where something signed proves it', async () => {
    const on = await legacy();
    on.wait(31 * DAY);
    await on.tables.sweep();
    await on.append('ana');
    await on.strip('ana');
    expect((await on.verify()).breaks).toEqual(of('ana', 'unproven'));
  });

  it('stays whole without anchors, by the mark', async () => {
    const on = await legacy();
    await on.taskWithoutAnchors().run();
    expect(await on.verifyWithoutAnchors()).toMatchObject({ breaks: [], unsigned: 0 });
    on.wait(DAY);
    await on.strip('ana');
    expect((await on.verifyWithoutAnchors()).breaks).toEqual(of('ana', 'unsigned'));
    await on.removeMark();
    expect((await on.verifyWithoutAnchors()).breaks).toEqual(of('ana', 'unsigned'));
  });
});

describe('the periodic work', () => {
  it('writes one anchor an occurrence, whatever number of tasks does it', async () => {
    const on = openAudited();
    const tasks = [on.task(), on.task(), on.task()];
    for (let round = 0; round < 3; round += 1) {
      await on.append('ana');
      on.wait(5 * MINUTE);
      await Promise.all(tasks.map((task) => task.run()));
      await Promise.all(tasks.map((task) => task.run()));
    }
    expect([...on.kept.keys()]).toEqual([1, 2, 3]);
    expect((await on.verify()).breaks).toEqual([]);
  });

  it('names in an anchor what moved, and all once a day', async () => {
    const on = await anchored();
    await on.append('ben');
    on.wait(5 * MINUTE);
    await on.first.run();
    on.wait(DAY);
    await on.first.run();
    await on.append('ana');
    on.wait(5 * MINUTE);
    await on.first.run();
    const named = [...on.kept.values()].map((text) => Object.keys(JSON.parse(text).content.heads).join());
    expect(named).toEqual(['', 'ana,ben', 'ben', 'ana,ben']);
    expect(JSON.parse(String(on.kept.get(1))).content.previous).toBe(NO_HASH);
  });

  it('goes on after a start, and finds out what happened in between', async () => {
    const on = await anchored();
    await on.removeHead('ben');
    on.wait(5 * MINUTE);
    await on.append('ana');
    await on.task().run('now');
    expect(on.counted).toMatchObject({ broken: 1 });
    // What was anchored is not forgotten when it is gone.
    on.wait(2 * DAY);
    await on.append('ana');
    await on.task().run('now');
    expect((await on.verify()).breaks).toEqual(of('ben', 'forged-head'));
  });
});

it('verifies records with members, actions and results of a newer version', async () => {
  const on = openAudited();
  const [record] = await on.append('ana', 1);
  if (record === undefined) throw new Error('nothing appended');
  const newer = { ...record, sequence: 1, action: 'sanction' as 'write', sealedBy: { kind: 'kms' } };
  const whole = { ...newer, hash: hashOf(newer) };
  const row = recordToRow(whole, headOf(whole, 30).recordExpires);
  await on.tables.put('audit-logs', row);
  await on.setHead(headOf(whole, 30));
  expect((await on.verify()).breaks).toEqual([]);
  await on.tables.put('audit-logs', { ...row, record: { ...Object(row.record), sealedBy: { kind: 'nobody' } } });
  expect((await on.verify()).breaks).toEqual(of('ana', 'changed'));
});

describe('what the pipeline promises', () => {
  const started = { operationId: 'op_1', result: 'started', summary: { approvalHash: 'a' } } as const;
  const success = { operationId: 'op_1', result: 'success' } as const;
  const told = { ...success, tool: 'notices' } as const;

  it.each([
    ['an outcome after its intent', [started, success], []],
    ['an intent that another task took over', [started, started, { ...success, result: 'partial' as const }], []],
    ['an intent alone', [started], []],
    ['messages before and after', [told, started, told, success, told], []],
    ['two operations', [started, { ...started, operationId: 'op_2' }, success], []],
    ['a second outcome', [started, success, { ...success, result: 'failure' as const }], of('ana', 'untrue')],
    ['an outcome without an intent', [success], of('ana', 'untrue')],
    // Before an outcome was in the transaction that ended the operation, there could be two.
    ['two outcomes of a version before', [{ ...started, summary: undefined }, success, success], []],
  ])('is held against the log: %s', async (_what, events, breaks) => {
    const on = openAudited();
    await on.tell('ana', ...events);
    expect((await on.verify()).breaks).toEqual(breaks);
  });
});
