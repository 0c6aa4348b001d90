/** docs/deploying/what-aws-refuses.md, from the table of limits. */
import { saidOf } from '../contracts/limits/held.ts';
import { limitSections } from '../contracts/limits/index.ts';
import type { Limit } from '../contracts/limits/limit.ts';
import { fewerTags, tagLimits } from '../contracts/limits/tags.ts';
import { ownTags } from '../contracts/settings/tags.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');
const code = (text: string): string => `\`${cell(text)}\``;

/** The last part of a page's address is enough to know it by. */
const link = (source: string): string => `[${source.split('/').at(-1)?.replace('.html', '')}](${source})`;

const placeOf = ({ type, at, per }: Limit): string => {
  const path = [type, ...at.map((part) => part.replace('->', ''))].join('.');
  return per === undefined ? code(path) : `${code(path)} per ${code(per)}`;
};

const row = (limit: Limit): string => {
  const settings = limit.settings.map(code).join(', ');
  return `| ${cell(limit.what)} | ${cell(saidOf(limit))} | ${placeOf(limit)} | ${settings} | ${link(limit.source)} |`;
};

const tags = (): string[] => [
  '## Tags',
  '',
  `Everything carries the tags ${ownTags.join(', ')} and those of the setting \`tags\`, so the strictest service decides:`,
  '',
  `- a key has 1 to ${tagLimits.key} characters, a value at most ${tagLimits.value}: ${tagLimits.be} (${link(tagLimits.source)});`,
  '- neither begins with `aws:`, in capitals or not;',
  `- no two keys differ by case alone, because IAM holds them to be one (${link(tagLimits.twins)});`,
  `- a resource takes ${tagLimits.count} (${link(tagLimits.general)}), so the setting takes ${tagLimits.count - ownTags.length - 2};`,
  ...Object.entries(fewerTags).map(
    ([type, { count, source }]) =>
      `- \`${type}\` takes ${count} (${link(source)}): the platform's own, and the first of the setting.`,
  ),
];

export const limitsReference = (): string =>
  [
    '# What AWS refuses',
    '',
    'Generated from `contracts/limits/` by `npm run docs`; do not edit.',
    '',
    'AWS tells most of this in the middle of an apply, and an emulator never does. So `npm run synth` holds every name, list,',
    'policy document and variable of a stack against this table, with the names of other resources put in where they are',
    'referred to, and fails with the resource, what AWS takes, the setting with its file and line, and the page that says so.',
    'What can be told from the settings alone is refused when they are read ([settings](../settings.md)).',
    '',
    'What is known only after an apply, such as the ARN of a key, is counted as long as such a thing is. The limits are',
    'those that every account has; where AWS raises one on request, the table keeps to what it gives without.',
    '',
    'Every name begins with `name_prefix`; where a setting below gives a whole name, that one is used as it is.',
    ...limitSections.flatMap(({ title, limits }) => [
      '',
      `## ${title}`,
      '',
      '| what | AWS takes | where it stands | settings | source |',
      '|---|---|---|---|---|',
      ...limits.map(row),
    ]),
    '',
    ...tags(),
    '',
  ].join('\n');
