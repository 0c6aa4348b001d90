/** Nothing outside a pack's own files and the two registries names it, or anything that is its own. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packs } from '../contracts/packs/index.ts';
import type { PackContract } from '../contracts/packs/pack.ts';

const root = resolve(import.meta.dirname, '..');
const registries = ['contracts/packs/index.ts', 'service/src/packs/index.ts'];

const files = globSync('{contracts,modules,service/src,authorizer}/**/*.{ts,css}', { cwd: root })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !file.endsWith('.test.ts') && !/\/testing\//.test(file) && !registries.includes(file));

/** The pack's name, and names of its members that no sentence has by chance. */
const wordsOf = (name: string, contract: PackContract): readonly string[] => [
  name,
  ...(['scopes', 'tools', 'variables', 'settings', 'metrics', 'alarms'] as const).flatMap((part) =>
    Object.keys(contract[part] ?? {}),
  ),
  ...Object.keys(contract.tables ?? {}).filter((table) => table.includes('-')),
];

const own = (name: string, file: string): boolean =>
  file === `contracts/packs/${name}.ts` ||
  file.startsWith(`contracts/packs/${name}/`) ||
  file.startsWith(`service/src/packs/${name}/`);

/** Words that are another's too, with the file and why. */
const exceptions: Readonly<Record<string, string>> = {
  'contracts/endpoints.ts tagging': 'an endpoint of AWS',
  'contracts/settings/network.ts tagging': 'an endpoint of AWS',
  'contracts/settings/data.ts alerts': 'a folder of the data bucket, whatever image an environment runs',
  'contracts/logs.ts update_budget': 'an alarm counts its calls in the log, whatever image an environment runs',
  'contracts/settings/operations.ts update_budget': 'the threshold of that alarm',
  'service/src/packs/tagging/sandbox/spoil.ts marketing': 'a cost center that somebody misspelled',
};

/** Quoted, in a path, or a member of something: prose may say the word. */
const named = (text: string, word: string): boolean => {
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?:['"\`/.]|\b_)${escaped}(?:['"\`/]|\.ts|\b(?=[,;)\]}: ]))`).test(
    text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
  );
};

it.each(Object.entries<PackContract>(packs))(
  'no file outside the pack %s names it or what is its own',
  (name, contract) => {
    const words = wordsOf(name, contract);
    const found = files
      .filter((file) => !own(name, file))
      .flatMap((file) => {
        const text = readFileSync(join(root, file), 'utf8');
        return words.filter((word) => named(text, word)).map((word) => `${file} ${word}`);
      });
    expect(found.filter((each) => !Object.hasOwn(exceptions, each))).toEqual([]);
    const owed = Object.keys(exceptions).filter((each) => words.some((word) => each.endsWith(` ${word}`)));
    expect(owed.filter((each) => !found.includes(each))).toEqual([]);
  },
);
