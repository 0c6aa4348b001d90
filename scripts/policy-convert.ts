/** `npm run policy:convert -- tag-policy.json`: makes a policy of this service of one of AWS, and says what changes its meaning. */
import { writeFile } from 'node:fs/promises';
import { plural } from '../service/src/measures/words.ts';
import { type ConvertedPolicy, convertTagPolicy } from '../service/src/packs/tagging/policy/aws-format/convert.ts';
import { awsTagPolicyIn, formatOfOthers } from '../service/src/packs/tagging/policy/foreign-policy.ts';
import { loadPolicy, type Policy, PolicyError } from '../service/src/packs/tagging/policy/policy.ts';
import { readJsonFile } from '../service/src/packs/tagging/policy/policy-file.ts';
import { defineCommand, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { nowOf } from './platform/host.ts';
import { json } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';

type Read = Pick<ConvertedPolicy, 'policy' | 'differences' | 'enforcedServices'> & { readonly format: 'aws' | 'own' };

const read = async (path: string, version: string, now: Date): Promise<Read> => {
  const found = await readJsonFile(path, path);
  const aws = awsTagPolicyIn(found);
  if (aws !== undefined)
    return { format: 'aws', ...convertTagPolicy(aws, { version, lastUpdated: now.toISOString().slice(0, 10) }, path) };
  const other = formatOfOthers(found);
  if (other !== undefined) throw new PolicyError(`${path} is ${other}`);
  return { format: 'own', policy: loadPolicy(found, 'file', path).policy, differences: [], enforcedServices: [] };
};

/** Differences that lose something of the source. That AWS never asks for a tag is so of every one that is converted. */
const lost = ({ differences }: Read) => differences.filter(({ code }) => code !== 'enforced_is_not_required');

const counted = ({ required_tags: required, optional_tags: optional }: Policy): string =>
  `${plural(required.length, 'required tag')} and ${plural(optional.length, 'optional tag')}`;

const described = (path: string, { format, policy, differences }: Read): string =>
  [
    format === 'own'
      ? `${path} is a policy of this service already, with ${counted(policy)}. It can be used.`
      : `${path} is a tag policy of AWS. Converted it has ${counted(policy)}.`,
    ...differences.map(({ code, tag, detail }) => `  ${tag ?? 'policy'}: ${code}. ${detail}`),
  ].join('\n');

const write = async (output: string, policy: Policy): Promise<void> => {
  try {
    await writeFile(output, `${JSON.stringify(policy, null, 2)}\n`, { flag: 'wx' });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    const why = code === 'EEXIST' ? 'is there already. Name another file, or remove it' : `cannot be written (${code})`;
    throw new OperatorProblem(`--output ${output} ${why}.`, { cause });
  }
};

export const policyConvert = defineCommand({
  name: 'policy:convert',
  summary: 'Makes a tagging policy of a tag policy of AWS Organizations, or checks one that is converted.',
  notes: [
    'FILE is the content of a tag policy, or the answer of aws organizations describe-policy or describe-effective-policy. AWS',
    'refuses wrong values where a tag is set and never asks for it; here the tag is required on the types that enforced_for',
    'names, and optional where that names none. Everything else that changes its meaning is told, tag by tag. Without --output',
    'the policy is printed. Name the file as TAG_POLICY_FILE.',
  ].join('\n'),
  exits: {
    0: 'converted, or a policy of this service that can be used',
    1: 'neither, or it could not be read or written',
    2: 'converted, and something of it is lost: read what is said',
  },
  operands: 'FILE',
  options: {
    output: { type: 'string', value: 'FILE', description: 'File to write the policy to. It must not be there yet.' },
    'policy-version': { type: 'string', value: 'TEXT', description: 'Version to write into it. Default: 1.' },
    json,
  },
  run: async ({ output, 'policy-version': version = '1', json: forMachines }, host, operands) => {
    const [path] = operands;
    if (path === undefined || operands.length > 1)
      throw new UsageProblem('Name one file: npm run policy:convert -- tag-policy.json');
    const found = await read(path, version, nowOf(host)).catch((error: unknown) => {
      throw error instanceof PolicyError ? new OperatorProblem(error.message, { cause: error }) : error;
    });
    const { format, policy, differences, enforcedServices } = found;
    if (output !== undefined && format === 'aws') await write(output, policy);
    host.err(described(path, found));
    if (output === undefined && format === 'aws' && forMachines !== true) host.out(JSON.stringify(policy, null, 2));
    if (output !== undefined && format === 'aws') host.out(`Written to ${output}.`);
    host.report({ format, policy, semantic_differences: differences, enforced_services: enforcedServices });
    return lost(found).length > 0 ? exitCodes.attention : exitCodes.done;
  },
});

await runAsProgram(import.meta.main, policyConvert);
