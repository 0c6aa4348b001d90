import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from '@cdktf/hcl2json';
import { repository } from '../testing/synthesized.ts';
import { readPlain } from './plain.ts';
import { environmentNames } from './read.ts';

const names = await environmentNames(repository);

/** HCL as people write it: right, wrong, and right but more than a plain value. */
const texts = [
  ...[
    '',
    '\n\n',
    '# only a comment',
    'a = 1',
    '\ta=1 # why',
    'a = 1 // why\n',
    'a = 1\r\nb = 2\r\n',
    'a-b = 1',
    '_a = 1',
  ],
  ...['b = 1\na = 1\nB = 2\n_c = 3', 'a = 1 b = 2', 'a =\n1', 'a = 1\na = 2', 'a.b = 1', '"a" = 1', 'ä = 1', 'a = 1;'],
  ...['a = 0', 'a = 00', 'a = 010', 'a = 1.50', 'a = 1.', 'a = .5', 'a = 1e5', 'a = -5', 'a = 1a', 'a = 1_000'],
  ...[
    'a = 100000000000000',
    'a = 123456789012345678',
    'a = true',
    'a = null',
    'a = tru',
    'a = b',
    'a = (1)',
    'a = 1 + 1',
  ],
  ...['a = "x $ y 100%"', 'a = "$$"', 'a = "${b}"', 'a = "%{b}"', 'a = "$${b}"', 'a = "$%{x}"', 'a = "#"', 'a = "//"'],
  ...['a = "é"', 'a = "e\u0301"', 'a = "\u{1f600}"', 'a = "\u0085"', 'a = "\t"', 'a = "x\ny"', 'a = "x" "y"', 'a = "x'],
  ...['a = "\\n"', 'a = "\\r"', 'a = "\\""', 'a = "\\\\"', 'a = "\\u00e9"', 'a = "\\x"', 'a = <<E\nx\nE\n', 'a { }'],
  ...[
    'a = []',
    'a = [\n]',
    'a = [1,]',
    'a = [1 2]',
    'a = [,]',
    'a = [\n1\n,\n2\n]',
    'a = [\n# c\n1, # d\n2 # e\n]',
    'a = [1',
  ],
  ...[
    'a = {}',
    'a = {\n}',
    'a = { b = 1, c : 2 }',
    'a = { b = 1 c = 2 }',
    'a = { b = 1,, }',
    'a = { "x y" = 1 }',
    'a = {,}',
  ],
  ...[
    'a = {\n b = 1\n\n c = 2\n}',
    'a = {\n b = 1,\n c = 2,\n}',
    'a = { b = 1 // c }',
    'a = {\n# c\nb = 1 # d\n}',
    'a = {b=1}\nc=2',
  ],
  ...[
    'a = { b\n= 1}',
    'a = { b =\n1}',
    'a = { b = 1, b = 2 }',
    'a = { 1 = 2 }',
    'a = { for = 1 }',
    'a = [for]',
    'a = { ä = 1 }',
  ],
  ...[
    'a = { true = 1 }',
    'a = [[], [{}], {b = [{c = {}}]}]',
    'a = { constructor = 1 }',
    'a = true /* c */',
    'a = 1 # \ufeff',
  ],
];

/** What HCL's own parser reads, as JSON, which shows the order of keys too. */
const readByHcl = (text: string): Promise<string> =>
  parse('test.tfvars', text).then(
    (values) => JSON.stringify(values),
    () => 'is refused',
  );

describe('plain settings', () => {
  it.each(names)('of %s are read as HCL’s own parser reads them', async (name) => {
    const text = await readFile(join(repository, 'environments', `${name}.tfvars`), 'utf8');
    expect(JSON.stringify(readPlain(text))).toBe(await readByHcl(text));
  });

  it.each(texts)('are read as HCL’s own parser reads them, or left to it: %j', async (text) => {
    const plain = readPlain(text);
    if (plain !== undefined) expect(JSON.stringify(plain)).toBe(await readByHcl(text));
  });

  it('leave to HCL’s own parser what it refuses', async () => {
    const refused = [];
    for (const text of texts) if ((await readByHcl(text)) === 'is refused') refused.push(text);
    expect(refused.length).toBeGreaterThan(20);
    expect(refused.filter((text) => readPlain(text) !== undefined)).toEqual([]);
  });

  it('are most of what people write, so that HCL’s own parser is seldom started', () => {
    const plain = ['a = 1\r\n', 'a = [\n  "x", # why\n]\n', 'a = {\n  "b c" = 1.5\n  d = null\n}\n', 'a = "é 100% $"'];
    expect(plain.filter((text) => readPlain(text) === undefined)).toEqual([]);
  });
});
