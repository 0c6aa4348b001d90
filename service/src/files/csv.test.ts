import { text } from 'node:stream/consumers';
import { csv } from './csv.ts';
import type { Cell } from './sheet.ts';

const fileOf = (cells: readonly Cell[], title = 'Value'): Promise<string> =>
  text(csv([{ title, value: (cell: Cell) => cell }], cells, { bom: false }));

/** What is written for one cell. */
const cellOf = async (cell: Cell): Promise<string> => (await fileOf([cell])).slice('Value\r\n'.length, -2);

describe('CSV', () => {
  const formulas = [
    '=1+1',
    '+1+1',
    "-2+3+cmd|' /C calc'!A0",
    '@SUM(1,1)',
    '＝1+1',
    '＋1+1',
    '－1+1',
    '＠SUM(1)',
    ' =1+1',
    '\u00a0=1+1',
    '\ufeff=1+1',
    '\u200b=1+1',
    '\u0000=1+1',
  ];
  it.each(formulas)('puts an apostrophe before the formula %j', async (cell) => {
    expect((await cellOf(cell)).replaceAll('"', '')).toBe(`'${cell}`);
  });

  it.each(['\t=1+1', '\r=1+1', '\n=1+1', '\tx'])(
    'keeps the cell %j from beginning with a tab or a line',
    async (cell) => {
      expect(await cellOf(cell)).toMatch(/^"'/);
    },
  );

  it('finds formulas that begin after a semicolon, a tab or a line, where another locale splits the cell', async () => {
    expect(await cellOf('a;=1+1')).toBe(`"a;'=1+1"`);
    expect(await cellOf('a\t@SUM(1)')).toBe(`"a\t'@SUM(1)"`);
    expect(await cellOf('a\r\n+1+1')).toBe(`"a\r\n'+1+1"`);
    expect(await cellOf('x";=1+1;"')).toBe(`"x"";'=1+1;"""`);
  });

  it('leaves numbers what they are, also exact amounts that arrive as text', async () => {
    const cells = [-5, 0, 1e21, -12.5, 9007199254740993n, '-5', '+3.25', '-1e-7'];
    expect(await Promise.all(cells.map(cellOf))).toEqual([
      '-5',
      '0',
      '1e+21',
      '-12.5',
      '9007199254740993',
      '-5',
      '+3.25',
      '-1e-7',
    ]);
  });

  it('leaves ordinary text as it is', async () => {
    for (const cell of ['i-1 = web', 'a-b', 'ops@example.com', 'Straße', '50 % + tax', "it's"])
      expect(await cellOf(cell)).toBe(cell);
  });

  it('quotes separators, quotes, lines and blanks at the edges', async () => {
    expect(await cellOf('a,b')).toBe('"a,b"');
    expect(await cellOf('say "hi"')).toBe('"say ""hi"""');
    expect(await cellOf('a\nb')).toBe('"a\nb"');
    expect(await cellOf(' a')).toBe('" a"');
  });

  it('writes times in ISO 8601, yes and no, and nothing as an empty cell', async () => {
    const cells = [new Date('2026-11-30T07:00:00Z'), true, undefined, null, ''];
    expect(await Promise.all(cells.map(cellOf))).toEqual(['2026-11-30T07:00:00.000Z', 'true', '', '', '']);
  });

  it('makes titles inert too, because a tag key may become one', async () => {
    expect(await fileOf([1], '=1+1')).toBe("'=1+1\r\n1\r\n");
  });

  it('refuses a number that no cell can hold, and names the column', async () => {
    await expect(cellOf(Number.NaN)).rejects.toThrow('The column Value has NaN');
  });

  it('begins with a byte order mark unless told otherwise', async () => {
    const file = await text(csv([{ title: 'Käse', value: String }], [1]));
    expect(Buffer.from(file).toString('hex')).toMatch(/^efbbbf4bc3a4/);
  });

  it('takes rows only as fast as they are read', async () => {
    let taken = 0;
    const rows = async function* () {
      for (taken = 0; taken < 1_000_000; taken += 1) yield 'x'.repeat(99);
    };
    const file = csv([{ title: 'Value', value: (row: string) => row }], rows());
    await file.next();
    expect(taken).toBeLessThan(200);
    await file.return(undefined);
    expect(taken).toBeLessThan(200);
  });
});
