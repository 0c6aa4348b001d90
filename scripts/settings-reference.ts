/** docs/settings.md, from the contract: what a tfvars file can hold, what it means, and what must hold in it. */
import { z } from 'zod';
import { type SettingName, settingSections } from '../contracts/settings/index.ts';
import { type Owned, ownedOf } from '../contracts/settings/owned.ts';
import { settingRules } from '../contracts/settings/rules.ts';
import type { SettingContract } from '../contracts/settings/setting.ts';
import { losingSettings } from './changes-reference.ts';

const Facts = z.object({
  type: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxItems: z.number().optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  default: z.unknown().optional(),
});

const factsOf = ({ schema }: SettingContract) =>
  Facts.parse(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }));

const cell = (text: string): string => text.replaceAll('|', '\\|');
const code = (text: string): string => (text === '' ? '' : `\`${cell(text)}\``);

const types: Readonly<Record<string, string>> = {
  array: 'list',
  boolean: 'flag',
  integer: 'number',
  number: 'number',
  object: 'map',
  string: 'text',
};

/** `dev, staging, prod`, `256 to 16384 (CPU units)`, or an example. */
const valuesOf = (contract: SettingContract): string => {
  const { minimum, maximum, maxItems, enum: values } = factsOf(contract);
  if (values !== undefined) return values.map((value) => code(JSON.stringify(value))).join(', ');
  if (minimum !== undefined && maximum !== undefined)
    return `${minimum} to ${maximum}${contract.unit === '' ? '' : ` ${contract.unit}`}`;
  return `${code(contract.example)}${maxItems === undefined ? '' : `, at most ${maxItems}`}`;
};

const defaultOf = (contract: SettingContract): string => {
  if (!contract.schema.safeParse(undefined).success) return '**required**';
  const { default: standard } = factsOf(contract);
  return standard === undefined ? '' : code(JSON.stringify(standard));
};

const ownership = ({ when, owner, what, command }: Owned): string =>
  ` With ${when} this is the first value only: ${owner} ${what} from then on, and \`${command}\` changes it.`;

const losing = losingSettings();

const row = (name: SettingName, contract: SettingContract): string => {
  const { type, enum: values } = factsOf(contract);
  const kind = values === undefined ? (types[type ?? ''] ?? 'text or number') : 'choice';
  const owners = ownedOf(name).map(ownership).join('');
  const meaning = `${cell(contract.description + owners)}${contract.regional ? ' *Regional.*' : ''}${losing.has(name) ? ' [*A change may lose data.*](changes.md)' : ''}`;
  return `| \`${name}\` | ${kind} | ${meaning} | ${defaultOf(contract)} | ${valuesOf(contract)} |`;
};

export const settingsReference = (): string =>
  [
    '# Settings',
    '',
    'Generated from `contracts/settings/` by `npm run docs`; do not edit.',
    '',
    'An environment is one file of settings, `environments/<name>.tfvars`. It is data: a key that is not listed here, a value',
    'of another type or an interpolation is refused before anything is synthesized, with the file, the line, the setting and',
    'the remedy. A *regional* setting may differ between the regions of an environment, through `region_settings`.',
    ...settingSections.flatMap(({ title, settings }) => [
      '',
      `## ${title}`,
      '',
      '| setting | type | meaning | default | values or example |',
      '|---|---|---|---|---|',
      ...Object.entries(settings).map(([name, contract]) => row(name as SettingName, contract)),
    ]),
    '',
    '## What must hold between them',
    '',
    ...settingRules.map(({ setting, problem }) => `- \`${setting}\` ${problem}`),
    '',
  ].join('\n');
