import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { DAY, MINUTE, openAudited } from '../../../test/rigs/audited.ts';
import type { TableEngine } from '../../ports/tables.ts';
import type { Archive } from './archive.ts';
import { openAuditExport } from './export.ts';
import { exportedRange, fileName, folderOf } from './file.ts';

const Line = z.object({ metadata: z.object({ uid: z.string() }) });

const linesOf = (bytes: Uint8Array): string[] => gunzipSync(bytes).toString().trimEnd().split('\n');
const uidsOf = (bytes: Uint8Array): string[] => linesOf(bytes).map((line) => Line.parse(JSON.parse(line)).metadata.uid);

const open = () => {
  const rig = openAudited();
  const files = new Map<string, Uint8Array>();
  const tries: [name: string, bytes: Uint8Array][] = [];
  const state = { away: false, afterCreate: () => {} };
  const archive: Archive = {
    place: 'memory',
    create: async (name, bytes) => {
      tries.push([name, bytes]);
      if (state.away) throw new Error('the bucket is away');
      if (files.has(name)) return false;
      files.set(name, bytes);
      state.afterCreate();
      return true;
    },
  };
  const counted: Record<string, number> = {};
  const said: string[] = [];
  let lag: number | undefined;
  const task = (tables: TableEngine = rig.tables) =>
    openAuditExport({
      tables,
      archive,
      now: rig.now,
      metrics: {
        count: (_metric, dimensions, value = 1) => {
          const outcome = Object.values(dimensions).join();
          counted[outcome] = (counted[outcome] ?? 0) + value;
        },
        set: (_metric, _dimensions, value) => {
          lag = value;
        },
      },
      log: {
        error: (_fields: object, message: string) => said.push(message),
        warn: (_fields: object, message: string) => said.push(message),
      } as never,
    });
  return { ...rig, files, tries, state, task, counted, said, lag: () => lag };
};

/** Every record in the files, by partition, in the order of the files' names. */
const exported = (files: ReadonlyMap<string, Uint8Array>): string[] =>
  [...files.keys()].sort().flatMap((name) => uidsOf(files.get(name) ?? new Uint8Array()));

const numbered = (userId: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${userId}:${from + i}`);

describe('the export of the audit log', () => {
  it('writes the records of each partition to a file named after the first and the last, and new ones to another', async () => {
    const { append, task, files, counted, lag } = open();
    await append('ana', 3);
    await append('ben', 1);
    const exporter = task();
    await exporter.run();
    expect([...files.keys()].sort()).toEqual([fileName('ana', 1, 3), fileName('ben', 1, 1)].sort());
    await exporter.run();
    expect(files.size).toBe(2);
    await append('ana', 2);
    await exporter.run();
    expect(uidsOf(files.get(fileName('ana', 4, 5)) ?? new Uint8Array())).toEqual(['ana:4', 'ana:5']);
    expect(counted).toEqual({ written: 3 });
    expect(lag()).toBe(0);
  });

  it('keeps to a thousand records a file, whatever waits', async () => {
    const { tell, task, files } = open();
    await tell('ana', ...Array.from({ length: 2100 }, () => ({})));
    await task().run();
    expect([...files.keys()].map((name) => exportedRange(name))).toEqual(
      [
        [1, 1000],
        [1001, 2000],
        [2001, 2100],
      ].map(([from, to]) => ({ folder: folderOf('ana'), from, to })),
    );
    expect(exported(files)).toEqual(numbered('ana', 1, 2100));
  });

  it('finds its file when it died after writing it, and goes on without a duplicate', async () => {
    const { append, task, files, tries, state, tables, counted } = open();
    await append('ana', 3);
    // The process ends between the file and the place that moves on: nothing it does afterwards reaches the store.
    let dead = false;
    state.afterCreate = () => {
      dead = true;
    };
    const dying: TableEngine = Object.assign(Object.create(tables), {
      put: async (...args: Parameters<TableEngine['put']>) => {
        if (dead) throw new Error('killed');
        return tables.put(...args);
      },
    });
    await expect(task(dying).run()).rejects.toThrow('killed');
    // More was appended meanwhile: the file that was begun keeps its range all the same.
    await append('ana', 2);
    await task().run();
    const [first, again] = tries;
    expect(again?.[0]).toBe(first?.[0]);
    expect(Buffer.from(again?.[1] ?? []).equals(Buffer.from(first?.[1] ?? []))).toBe(true);
    expect([...files.keys()]).toEqual([fileName('ana', 1, 3), fileName('ana', 4, 5)]);
    expect(exported(files)).toEqual(numbered('ana', 1, 5));
    expect(counted).toMatchObject({ written: 2, found: 1 });
  });

  it('finishes the file that a task claimed and never wrote', async () => {
    const { append, task, files, state } = open();
    await append('ana', 3);
    state.away = true;
    await expect(task().run()).rejects.toThrow('the bucket is away');
    state.away = false;
    await append('ana', 4);
    await task().run();
    expect([...files.keys()]).toEqual([fileName('ana', 1, 3), fileName('ana', 4, 7)]);
  });

  it('has no gap and no duplicate with several tasks at once while records are appended', async () => {
    const { append, task, files } = open();
    const people = ['ana', 'ben', 'max'];
    for (let round = 0; round < 5; round += 1) {
      const appending = people.map((person) => append(person, 7));
      await Promise.all([task().run(), task().run(), task().run(), ...appending]);
    }
    await task().run();
    expect(exported(files).sort()).toEqual(people.flatMap((person) => numbered(person, 1, 35)).sort());
  });

  it('says how old the oldest record is that is in no file, and does what it can of the others', async () => {
    const { append, task, files, state, lag, wait, counted } = open();
    await append('ana', 2);
    state.away = true;
    wait(10 * MINUTE);
    const exporter = task();
    await expect(exporter.run()).rejects.toThrow('away');
    expect(lag()).toBe(11 * 60);
    expect(counted).toEqual({ failed: 1 });
    state.away = false;
    await exporter.run();
    expect([lag(), files.size]).toEqual([0, 1]);
  });

  it.each([
    ['a record was changed', (rig: ReturnType<typeof open>) => rig.change('ana', { tool: 'other' })],
    ['a record is missing', (rig: ReturnType<typeof open>) => rig.remove('ana', 2)],
    ['the first records are missing', (rig: ReturnType<typeof open>) => rig.remove('ana', 1)],
  ])('exports nothing as whole where %s, and tells', async (_what, spoil) => {
    const rig = open();
    await rig.append('ana', 4);
    await rig.append('ben', 1);
    await spoil(rig);
    await expect(rig.task().run()).rejects.toThrow(/^record \d/);
    expect([...rig.files.keys()]).toEqual([fileName('ben', 1, 1)]);
    expect(rig.counted).toEqual({ broken: 1, written: 1 });
    expect(rig.said).toEqual(['the audit log is not whole, so it is not exported any further; run audit:verify']);
  });

  it('does not go on where a chain was written anew behind what is exported already', async () => {
    const rig = open();
    await rig.append('ana', 2);
    await rig.task().run();
    await rig.append('ana', 1);
    await rig.forge('ana', () => ({ tool: 'other' }));
    await expect(rig.task().run()).rejects.toThrow('record 3 of the chain ana does not follow the one before it');
  });

  it('begins with the oldest record that is left where others expired before there was an export', async () => {
    const { append, task, files, remove, wait, said } = open();
    await append('ana', 2);
    await remove('ana', 1, 2);
    wait(31 * DAY);
    await append('ana', 2);
    await task().run();
    expect([...files.keys()]).toEqual([fileName('ana', 3, 4)]);
    expect(said).toEqual(['audit records expired before they were exported; no file has them']);
  });

  it('never has a file over a gap, because its name says that all between are in it', async () => {
    const { append, task, files, remove, wait } = open();
    await append('ana', 3);
    // DynamoDB deletes what has expired in any order.
    await remove('ana', 2, 3);
    wait(31 * DAY);
    await append('ana', 1);
    await task().run();
    expect([...files.keys()]).toEqual([fileName('ana', 1, 1), fileName('ana', 4, 4)]);
  });
});
