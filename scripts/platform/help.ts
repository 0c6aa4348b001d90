/** What `--help` prints, and docs/commands.md with it. */
import type { Described, Option } from './described.ts';
import { exitLines } from './exit-codes.ts';

const flagOf = (name: string, { type, value = 'VALUE' }: Option): string =>
  type === 'boolean' ? `--${name}` : `--${name} ${value}`;

/** The script of package.json that runs every command by its name, and has a few words of its own. */
export const frontDoor = 'countersign';

const calledAs = (name: string): string => {
  if (name.endsWith('.ts')) return `node ${name}`;
  return name.startsWith(`${frontDoor} `) ? `npm run ${name.replace(' ', ' -- ')}` : `npm run ${name} --`;
};

/** How a command is called: `npm run plan -- [options]`. */
export const callOf = ({ name, operands, verbs }: Pick<Described, 'name' | 'operands' | 'verbs'>): string =>
  [
    calledAs(name),
    '[options]',
    ...(verbs === undefined ? [] : [Object.keys(verbs).join('|')]),
    ...(operands === undefined ? [] : [operands]),
  ].join(' ');

const verbLines = (verbs: Readonly<Record<string, string>>): readonly string[] => {
  const width = Math.max(...Object.keys(verbs).map(({ length }) => length));
  return [...Object.entries(verbs).map(([verb, does]) => `  ${verb.padEnd(width)}  ${does}`), ''];
};

export const helpOf = ({ name, operands, verbs, summary, notes, options, exits }: Described): string => {
  const rows = [
    ...Object.entries(options).map(([option, how]) => [flagOf(option, how), how.description] as const),
    ['--help', 'Shows this.'] as const,
  ];
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return [
    callOf({ name, operands, verbs }),
    '',
    summary,
    '',
    ...(verbs === undefined ? [] : verbLines(verbs)),
    ...rows.map(([flag, description]) => `  ${flag.padEnd(width)}  ${description}`),
    ...(notes === undefined ? [] : ['', notes]),
    '',
    'Exit code:',
    ...exitLines(exits),
  ].join('\n');
};
