import { gunzipSync, gzipSync } from 'node:zlib';
import { DAY, openAudited } from '../../../test/rigs/audited.ts';
import { openAuditExport } from './export.ts';
import { fileName, folderOf } from './file.ts';
import { verifyFiles } from './verify.ts';

type Files = Map<string, Uint8Array>;

const rig = openAudited();
const exportTo = async (files: Files): Promise<void> => {
  const exporter = openAuditExport({
    tables: rig.tables,
    archive: {
      place: 'memory',
      create: async (name, bytes) => {
        files.set(name, bytes);
        return true;
      },
    },
    metrics: { count: () => {}, set: () => {} },
    log: { error: () => {}, warn: () => {} },
    now: rig.now,
  });
  await exporter.run();
};
const whole: Files = new Map();
let heads: ReadonlyMap<string, ReadonlyMap<number, string>>;

beforeAll(async () => {
  await rig.append('ana', 3);
  await rig.append('ben', 2);
  await exportTo(whole);
  await rig.append('ana', 2);
  await exportTo(whole);
  const [ana, ben] = [await rig.head('ana'), await rig.head('ben')];
  heads = new Map([ana, ben].map(({ userId, sequence, hash }) => [userId, new Map([[sequence, hash]])]));
});

const check = (files: Files, anchored = heads, now = rig.now()) =>
  verifyFiles(
    [...files].map(([name, bytes]) => ({ name, read: async () => bytes })),
    now,
    anchored,
  );
/** The files with one of them changed. */
const changed = (name: string, change: (lines: string[]) => string[]): Files => {
  const lines = gunzipSync(whole.get(name) ?? '')
    .toString()
    .trimEnd()
    .split('\n');
  return new Map([...whole, [name, gzipSync(`${change(lines).join('\n')}\n`)]]);
};
const [first, second] = [fileName('ana', 1, 3), fileName('ana', 4, 5)];

describe('files for auditors', () => {
  it('are whole as the export wrote them, and reach what the anchors name', async () => {
    const { chains, ...report } = await check(whole);
    expect(report).toEqual({ files: 3, records: 7, expired: [], behind: [], problems: [] });
    expect(chains.map(({ userId, from, to }) => [userId, from, to]).sort()).toEqual([
      ['ana', 1, 5],
      ['ben', 1, 2],
    ]);
  });

  const without = (...names: string[]): Files => new Map([...whole].filter(([name]) => !names.includes(name)));
  const wrongs: readonly (readonly [what: string, files: () => Files, problem: RegExp])[] = [
    ['a file is missing', () => without(first), /record 4 comes next, and 1 is missing/],
    ['a chain is missing that the anchors name', () => without(fileName('ben', 1, 2)), /chain ben, and no file has it/],
    [
      'a record was taken out',
      () => changed(first, ([a = '', , c = '']) => [a, c]),
      /record 3 comes next, and 2 is missing/,
    ],
    [
      'a record was doubled',
      () => changed(first, ([a = '', b = '']) => [a, b, b]),
      /record 2 is in an earlier file too/,
    ],
    [
      'a file is there twice',
      () => new Map([...whole, [fileName('ana', 1, 2), whole.get(first) ?? new Uint8Array()]]),
      /other records than its name says/,
    ],
    ['the last record was cut off', () => changed(second, ([a = '']) => [a]), /other records than its name says/],
    [
      'a record was changed',
      () => changed(first, (lines) => lines.map((line) => line.replaceAll('"i":1', '"i":9'))),
      /record 2 does not have its hash/,
    ],
    [
      'an event says another than its record',
      () => changed(first, (lines) => lines.map((line) => line.replace('"status":"Success"', '"status":"Failure"'))),
      /event 1 differs from its record/,
    ],
    [
      'a file is of somebody else',
      () => new Map([...whole, [second, whole.get(fileName('ben', 1, 2)) ?? new Uint8Array()]]),
      /is of ben, whose folder is another/,
    ],
    [
      'a file is no archive',
      () => new Map([...whole, [first, Buffer.from('no archive at all')]]),
      /incorrect header check/,
    ],
    [
      'a file is called otherwise',
      () => new Map([...whole, ['notes.txt', Buffer.from('x')]]),
      /no file of the export is called so/,
    ],
  ];
  it.each(wrongs)('are found broken where %s', async (_what, files, problem) => {
    expect((await check(files())).problems.join('\n')).toMatch(problem);
  });

  it('are found broken where the whole chain was written anew, because the anchors name another', async () => {
    await rig.forge('ana', () => ({ tool: 'other' }));
    const forged: Files = new Map();
    await rig.tables.remove('audit-exports', { userId: 'ana' });
    await rig.tables.remove('audit-exports', { userId: 'ben' });
    await exportTo(forged);
    expect((await check(forged)).problems.join('\n')).toContain('record 5 is another than the anchors name');
    expect((await check(forged, new Map())).problems).toEqual([]);
  });

  it('say what is not exported yet, which is no break', async () => {
    const ahead = new Map([...heads, ['ben', new Map([[9, 'x']])]]);
    const { behind, problems } = await check(whole, ahead);
    expect([behind, problems]).toEqual([['ben: files end at record 2, anchors at 9'], []]);
  });

  it('may begin later where the record says that those before it had expired', async () => {
    await rig.append('max', 2);
    await rig.remove('max', 1, 2);
    rig.wait(31 * DAY);
    await rig.append('max', 1);
    const files: Files = new Map();
    await exportTo(files);
    const own: Files = new Map([...files].filter(([name]) => name.startsWith(folderOf('max'))));
    expect(await check(own, new Map())).toMatchObject({
      expired: [`${folderOf('max')}: records 1 to 2`],
      problems: [],
    });
    // Not before that time: the same files prove nothing to whoever looks earlier.
    expect((await check(own, new Map(), new Date('2026-03-02'))).problems.join()).toContain('and 1 is missing');
  });
});
