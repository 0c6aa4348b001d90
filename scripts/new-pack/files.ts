/** What a new pack begins with: its contract, its folder, and a line in each of the two registries. */
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperatorProblem } from '../platform/problem.ts';
import type { Spelled } from './names.ts';

const templates = join(import.meta.dirname, 'template');

/** Where each template goes, in the root of the repository. */
const placed = ({ name }: Spelled): Readonly<Record<string, string>> => {
  const folder = `service/src/packs/${name}`;
  return {
    'contract.ts.txt': `contracts/packs/${name}.ts`,
    'open.ts.txt': `${folder}/open.ts`,
    'entries.ts.txt': `${folder}/entries.ts`,
    'list.ts.txt': `${folder}/tools/list-entries.ts`,
    'set.ts.txt': `${folder}/tools/set-entry.ts`,
    'page.ts.txt': `${folder}/pages/${name}.ts`,
    'page.test.ts.txt': `${folder}/pages/${name}.test.ts`,
    'test.ts.txt': `${folder}/${name}.test.ts`,
    'README.md.txt': `${folder}/README.md`,
  };
};

const filled = (text: string, { name, camel, pascal, snake, title }: Spelled): string =>
  text
    .replaceAll('__name__', name)
    .replaceAll('__camel__', camel)
    .replaceAll('__Pascal__', pascal)
    .replaceAll('__snake__', snake)
    .replaceAll('__Title__', title);

/** Puts a line before what ends a list. @throws OperatorProblem where the list is not there once */
const inserted = (text: string, line: string, end: string, file: string): string => {
  const parts = text.split(end);
  if (parts.length !== 2)
    throw new OperatorProblem(`${file} has no list that ends with ${end.trim()}: add ${line} yourself.`);
  return parts.join(`\n${line}${end}`);
};

/** A line in each registry, besides the import that the contract's needs. */
const registrations = (spelled: Spelled) =>
  [
    {
      file: 'contracts/packs/index.ts',
      register: (text: string, file: string) => {
        const { name, camel, key } = spelled;
        const entry = key === camel ? `  ${camel},` : `  ${key}: ${camel},`;
        const imported = `import { ${camel} } from './${name}.ts';\n`;
        return imported + inserted(text, entry, '\n} as const satisfies Record<string, PackContract>;', file);
      },
    },
    {
      file: 'service/src/packs/index.ts',
      register: (text: string, file: string) => {
        const { name, pascal, key } = spelled;
        const entry = `  ${key}: async (services) => (await import('./${name}/open.ts')).open${pascal}(services),`;
        return inserted(text, entry, '\n} satisfies Record<PackName, OpenPack>;', file);
      },
    },
  ] as const;

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Writes the pack.
 * @returns the files that were written or changed, from the root
 * @throws OperatorProblem, and nothing is written, where one of them is there already or a registry is not as it was
 */
export const writePack = async (root: string, spelled: Spelled): Promise<readonly string[]> => {
  const made = placed(spelled);
  const unplaced = (await readdir(templates)).filter((template) => !Object.hasOwn(made, template));
  if (unplaced.length > 0) throw new Error(`templates without a place: ${unplaced.join(', ')}`);
  for (const file of Object.values(made))
    if (await isThere(join(root, file))) throw new OperatorProblem(`${file} is there already: nothing was written.`);
  const changed = await Promise.all(
    registrations(spelled).map(
      async ({ file, register }) => [file, register(await readFile(join(root, file), 'utf8'), file)] as const,
    ),
  );
  const texts = await Promise.all(
    Object.entries(made).map(
      async ([template, file]) => [file, filled(await readFile(join(templates, template), 'utf8'), spelled)] as const,
    ),
  );
  for (const [file, text] of [...texts, ...changed]) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  return [...texts, ...changed].map(([file]) => file);
};
