/** The doctor's findings as a file, to be kept or sent around. */
import { UsageProblem } from '../../platform/problem.ts';
import type { Finding } from './examine.ts';
import { totals } from './report.ts';

export interface Examined {
  /** When it was looked. */
  readonly at: Date;
  readonly findings: readonly Finding[];
}

/** A cell of Markdown is one line, and a bar would end it. */
const cell = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

const sectionOf = (environment: string, findings: readonly Finding[]): string[] => [
  '',
  `## ${environment}: ${totals(findings) || 'nothing was looked at'}`,
  '',
  row(['verdict', 'check', 'region', 'what', '']),
  row(['---', '---', '---', '---', '---']),
  ...findings.map(({ verdict, check, region, subject, says }) => row([verdict, check, region, subject, says])),
];

const markdown = ({ at, findings }: Examined, title: string): string => {
  const environments = [...new Set(findings.map(({ environment }) => environment))];
  const sections = environments.flatMap((name) =>
    sectionOf(
      name,
      findings.filter(({ environment }) => environment === name),
    ),
  );
  return [`# ${title} at ${at.toISOString()}`, '', totals(findings), ...sections, ''].join('\n');
};

const json = ({ at, findings }: Examined): string =>
  `${JSON.stringify({ at: at.toISOString(), totals: totals(findings), findings }, null, 2)}\n`;

const formats = { '.json': json, '.md': markdown } as const;

/**
 * @param title of Markdown: what was looked at
 * @returns what writes the findings in the format that the file's name ends in.
 * @throws UsageProblem for another ending
 */
export const formatFor = (file: string, title = 'Health'): ((examined: Examined) => string) => {
  const found = Object.entries(formats).find(([ending]) => file.endsWith(ending));
  if (found === undefined)
    throw new UsageProblem(`--report ends in ${Object.keys(formats).join(' or ')}, and ${file} does not.`);
  const [, format] = found;
  return (examined) => format(examined, title);
};
