import { glob, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Names that several files export, and why a reader takes none for another. */
const shared: Readonly<Record<string, string>> = {
  choice: 'settings and variables are declared in the same words, and no file declares both',
  flag: 'as choice',
  integer: 'as choice',
  list: 'as choice',
  text: 'as choice; and limits, which are declared in files of their own',
};

const declared = /^export (?:async |abstract )*(?:const|function\*?|class|interface|type|enum) ([\w$]+)/gm;

/** The files that declare each exported name. A value and the type of the same name are one, and so is a re-export. */
const exportedIn = (files: Iterable<readonly [path: string, text: string]>): Map<string, Set<string>> => {
  const found = new Map<string, Set<string>>();
  for (const [path, text] of files)
    for (const [, name = ''] of text.matchAll(declared)) found.set(name, (found.get(name) ?? new Set()).add(path));
  return found;
};

const severalIn = (found: ReadonlyMap<string, ReadonlySet<string>>): string[] =>
  [...found].filter(([, files]) => files.size > 1).map(([name, files]) => `${name}: ${[...files].sort().join(', ')}`);

it('sees what two files export under one name, and nothing else', () => {
  const found = exportedIn([
    ['a.ts', 'export const Row = 1;\nexport type Row = 1;\nexport async function read() {}\nconst own = 1;\n'],
    ['b.ts', "export interface Row {}\nconst own = 2;\nexport { read } from './a.ts';\n// export const read\n"],
  ]);
  expect(severalIn(found)).toEqual(['Row: a.ts, b.ts']);
});

// A file sees its own half and the contracts, and so does whoever searches for what it names.
it.each(['service/src', 'modules', 'authorizer'])(
  'an exported name of the contracts and %s means one thing: searching for it finds its file',
  async (half) => {
    const files: [string, string][] = [];
    for await (const path of glob(['contracts/**/*.ts', `${half}/**/*.ts`], { cwd: root }))
      if (!path.endsWith('.test.ts')) files.push([path, await readFile(join(root, path), 'utf8')]);
    const several = severalIn(exportedIn(files));
    expect(several.filter((line) => !Object.hasOwn(shared, line.split(':', 1)[0] ?? ''))).toEqual([]);
    // An exception that nothing needs any more would hide the next pair.
    expect(several.map((line) => line.split(':', 1)[0]).sort()).toEqual(Object.keys(shared).sort());
  },
);
