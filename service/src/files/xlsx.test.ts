import { unzip } from '../../test/rigs/unzip.ts';
import type { Cell } from './sheet.ts';
import { MOST_CELLS, xlsx } from './xlsx.ts';

const open = async (cells: readonly Cell[], title = 'Value') => {
  const files = unzip(await xlsx([{ title, value: (cell: Cell) => cell }], cells));
  const sheet = files.get('xl/worksheets/sheet1.xml') ?? '';
  const strings = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map(
    ([, one]) => one,
  );
  return { files, sheet, strings };
};

describe('an Excel file', () => {
  it('holds text that begins like a formula as text, in its titles too', async () => {
    const cells = ['=1+1', '+1', '-1', '@SUM(1)', "=cmd|' /C calc'!A0", '＝1'];
    const { files, sheet, strings } = await open(cells, '=2');
    expect(sheet).not.toMatch(/<f[ >]/);
    expect(strings.map((one) => one?.replaceAll('&apos;', "'"))).toEqual(['=2', ...cells]);
    expect([...sheet.matchAll(/<c [^>]*t="s"/g)]).toHaveLength(cells.length + 1);
    expect([...files.keys()]).not.toContain('xl/vbaProject.bin');
  });

  it('holds numbers, yes and no and times as such, and account ids as they are written', async () => {
    const { sheet, strings } = await open([
      -5,
      12.5,
      12n,
      9007199254740993n,
      true,
      new Date('2026-11-30T12:00:00Z'),
      '000123456789',
    ]);
    const values = [...sheet.matchAll(/<c [^>]*?(?:t="(\w)")?[^>]*><v>([^<]*)<\/v>/g)].map(([, , value]) => value);
    expect(values).toEqual(expect.arrayContaining(['-5', '12.5', '12', '46356.5']));
    expect(sheet).toMatch(/<c [^>]*t="b"[^>]*><v>1<\/v>/);
    expect(strings).toEqual(expect.arrayContaining(['9007199254740993', '000123456789']));
  });

  it('escapes markup, drops what XML cannot hold and cuts what no cell can', async () => {
    const { strings } = await open(['<b>&"', 'a\u0000b', 'x'.repeat(40_000)]);
    expect(strings[1]).toMatch(/^&lt;b(>|&gt;)&amp;("|&quot;)$/);
    expect(strings[2]).toBe('ab');
    expect(strings[3]).toHaveLength(32_767);
  });

  it('is whole, with rows that are read while it is made', async () => {
    const rows = async function* () {
      for (let i = 0; i < 10; i += 1) yield i;
    };
    const files = unzip(await xlsx([{ title: 'N', value: (n: number) => n }], rows()));
    expect([...files.keys()]).toEqual(expect.arrayContaining(['[Content_Types].xml', 'xl/workbook.xml']));
    expect(files.get('xl/worksheets/sheet1.xml')?.match(/<row /g)).toHaveLength(11);
  });

  it('has a bound, and says what has none', async () => {
    let taken = 0;
    const rows = function* () {
      for (; ; taken += 1) yield 1;
    };
    const columns = Array.from({ length: 100 }, (_, i) => ({ title: `${i}`, value: () => null }));
    await expect(xlsx(columns, rows())).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('take CSV'),
    });
    expect(taken).toBeLessThan(MOST_CELLS / 100 + 1);
  });

  it('refuses a number that no cell can hold, and names the column', async () => {
    await expect(open([Number.POSITIVE_INFINITY])).rejects.toThrow('The column Value has Infinity');
  });
});
