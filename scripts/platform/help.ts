/** What `--help` prints, and docs/commands.md with it. */
import type { Described, Option } from './described.ts';
import { exitLines } from './exit-codes.ts';

const flagOf = (name: string, { type, value = 'VALUE' }: Option): string =>
  type === 'boolean' ? `--${name}` : `--${name} ${value}`;

/** How a command is called: `npm run plan -- [options]`. */
export const callOf = ({ name, operands }: Pick<Described, 'name' | 'operands'>): string =>
  `${name.endsWith('.ts') ? `node ${name}` : `npm run ${name} --`} [options]${operands === undefined ? '' : ` ${operands}`}`;

export const helpOf = ({ name, operands, summary, notes, options, exits }: Described): string => {
  const rows = [
    ...Object.entries(options).map(([option, how]) => [flagOf(option, how), how.description] as const),
    ['--help', 'Shows this.'] as const,
  ];
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return [
    callOf({ name, operands }),
    '',
    summary,
    '',
    ...rows.map(([flag, description]) => `  ${flag.padEnd(width)}  ${description}`),
    ...(notes === undefined ? [] : ['', notes]),
    '',
    'Exit code:',
    ...exitLines(exits),
  ].join('\n');
};
