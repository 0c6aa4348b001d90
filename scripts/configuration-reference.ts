/** docs/configuration.md, from the contract: what an operator can set, what it means, and what must hold. */
import { z } from 'zod';
import { environment, environmentSections, type VariableName } from '../contracts/environment.ts';
import { environmentRules } from '../contracts/environment-rules.ts';
import type { VariableContract } from '../contracts/variable.ts';

const Bounds = z.object({ minimum: z.number().optional(), maximum: z.number().optional() });

const code = (text: string): string => (text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``);
const cell = (text: string): string => text.replaceAll('|', '\\|');

/** `0 to 65535` for a number with both bounds, else nothing. */
const range = ({ schema }: VariableContract): string => {
  const { minimum, maximum } = Bounds.parse(z.toJSONSchema(schema, { unrepresentable: 'any' }));
  return minimum === undefined || maximum === undefined ? '' : `${minimum} to ${maximum}`;
};

/** As an operator would write it; nothing when leaving the variable out leaves it unset. */
const defaultOf = ({ schema }: VariableContract): string => {
  const value = schema.parse(undefined);
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const row = (name: VariableName): string => {
  const contract: VariableContract = environment[name];
  const meaning = [cell(contract.description), contract.secret ? '**Secret.**' : ''].filter((part) => part !== '');
  const standard = defaultOf(contract);
  // A default repeated as the example says nothing more; the values it may take do.
  const example = range(contract) || (contract.example === standard ? '' : code(contract.example));
  return `| \`${name}\` | ${meaning.join(' ')} | ${code(standard)} | ${example} |`;
};

export const configurationReference = (): string =>
  [
    '# Configuration',
    '',
    'Generated from `contracts/environment.ts` by `npm run docs`; do not edit.',
    '',
    'The service reads its configuration from environment variables, once, when it starts. On anything missing, wrong or',
    'contradictory it refuses to start and names every variable and what it should be. An empty variable counts as unset.',
    'Lists are comma separated. Secrets come from Secrets Manager on AWS and are never written to a log or a file.',
    ...environmentSections.flatMap(({ title, variables }) => [
      '',
      `## ${title}`,
      '',
      '| variable | meaning | default | values or example |',
      '|---|---|---|---|',
      ...variables.map(row),
    ]),
    '',
    '## What must hold between them',
    '',
    ...environmentRules.map(({ variable, problem }) => `- \`${variable}\` ${problem}`),
    '',
  ].join('\n');
