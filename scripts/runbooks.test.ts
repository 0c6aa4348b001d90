/** Every step of a runbook that is a command can be given as it stands there: the command, its verb, its options. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../modules/testing/synthesized.ts';
import { describeAll } from './commands.ts';
import type { Described } from './platform/described.ts';

const folder = join(repository, 'docs/runbooks');
const files = readdirSync(folder).filter((file) => file.endsWith('.md'));
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');

/** Code in a line of text, which may go over the end of a line, and in blocks. */
const codeIn = (text: string): string[] => {
  const blocks = [...text.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, body = '']) => body);
  const rest = text.replaceAll(/^```\w*\n[\s\S]*?^```$/gm, '');
  const spans = [...rest.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  return [...blocks, ...spans].map((code) => code.replaceAll(/\s+/g, ' ').trim());
};
const callsOf = (file: string, start: RegExp): string[] => codeIn(textOf(file)).filter((code) => start.test(code));

const optionsIn = (call: string): string[] =>
  [...call.matchAll(/(?<=\s)--([a-z][\w-]*)/g)].map(([, name = '']) => name);

let commands: ReadonlyMap<string, Described>;
beforeAll(async () => {
  commands = new Map((await describeAll()).map((command) => [command.name, command]));
});

/** What is wrong with a call of one of ours; empty where it can be given. */
const faultsOf = (call: string): string[] => {
  const [, name = '', rest = ''] = /^npm run (?:-s |--silent )?([\w:-]+)(.*)$/.exec(call) ?? [];
  const command = commands.get(name);
  if (command === undefined) return [`${call}: there is no command ${name}`];
  const words = rest
    .replaceAll(/ --?[\w-]+(?: (?:<[^>]*>|"[^"]*"|[^\s-][^\s]*))?/g, (option) => {
      const flag = /--([\w-]+)/.exec(option)?.[1] ?? '';
      // What follows an option without a value is a word of its own.
      return command.options[flag]?.type === 'boolean' || flag === '' ? option.replace(/^ --?[\w-]*/, '') : '';
    })
    .trim()
    .split(' ')
    .filter((word) => word !== '');
  const verbs = Object.keys(command.verbs ?? {});
  const verb = words.find((word) => /^[a-z]+$/.test(word));
  return [
    ...optionsIn(rest)
      .filter((option) => option !== 'help' && !Object.hasOwn(command.options, option))
      .map((option) => `${call}: ${name} has no option --${option}`),
    ...(optionsIn(rest).length > 0 && !rest.startsWith(' -- ') ? [`${call}: npm takes its options without --`] : []),
    ...(verbs.length > 0 && rest !== '' && verb !== undefined && !verbs.includes(verb)
      ? [`${call}: ${name} does not know ${verb}`]
      : []),
  ];
};

/** Names of AWS's command line, where they differ from those of the SDK. */
const clients: Readonly<Record<string, string>> = {
  autoscaling: 'auto-scaling',
  ce: 'cost-explorer',
  elbv2: 'elastic-load-balancing-v2',
  logs: 'cloudwatch-logs',
  secretsmanager: 'secrets-manager',
};
const globals = ['query', 'output', 'region', 'profile'];
const flat = (name: string): string => name.replaceAll('-', '').toLowerCase();

/** What the SDK's types know of a service; undefined where its client is not among ours. */
const knownOf = (service: string): { readonly operations: Set<string>; readonly members: Set<string> } | undefined => {
  const types = join(repository, 'node_modules/@aws-sdk', `client-${clients[service] ?? service}`, 'dist-types');
  if (!existsSync(types)) return undefined;
  const models = readdirSync(join(types, 'models')).map((file) => readFileSync(join(types, 'models', file), 'utf8'));
  return {
    operations: new Set(readdirSync(join(types, 'commands')).map((file) => flat(file.replace(/Command\.d\.ts$/, '')))),
    members: new Set(
      models.flatMap((text) => [...text.matchAll(/^\s+(\w+)\??:/gm)].map(([, name = '']) => flat(name))),
    ),
  };
};

const faultsOfAws = (call: string): string[] => {
  const [, service = '', operation = '', rest = ''] = /^aws ([\w-]+) ([\w-]+)(.*)$/.exec(call) ?? [];
  const known = knownOf(service);
  if (known === undefined)
    return [`${call}: no client of ${service} is among ours, so nothing tells whether it exists`];
  if (!known.operations.has(flat(operation))) return [`${call}: ${service} has no ${operation}`];
  return optionsIn(rest)
    .filter(
      (option) =>
        !globals.includes(option) &&
        !known.members.has(flat(option)) &&
        !known.members.has(flat(option.replace(/^no-/, ''))),
    )
    .map((option) => `${call}: ${service} ${operation} has no --${option}`);
};

describe.each(files)('%s', (file) => {
  it('names commands of ours that exist, with options and verbs that they have', () => {
    expect(callsOf(file, /^npm run /).flatMap(faultsOf)).toEqual([]);
  });

  it('names calls of AWS that exist, with options that they have', () => {
    expect(callsOf(file, /^aws /).flatMap(faultsOfAws)).toEqual([]);
  });
});

it('would notice a command, an option, a verb and a call of AWS that is not there', () => {
  expect(faultsOf('npm run scales -- --environment <name>')).toEqual([expect.stringContaining('no command scales')]);
  expect(faultsOf('npm run scale -- --environment <name> --count 3')).toEqual([expect.stringContaining('--count')]);
  expect(faultsOf('npm run maintenance -- --environment <name> start')).toEqual([expect.stringContaining('start')]);
  expect(faultsOf('npm run scale --environment <name>')).toEqual([expect.stringContaining('without --')]);
  expect(faultsOf('npm run maintenance -- --environment <name> on --until <time>')).toEqual([]);
  expect(faultsOfAws('aws rds restore-database')).toEqual([expect.stringContaining('no restore-database')]);
  expect(faultsOfAws('aws rds create-db-snapshot --snapshot-name x')).toEqual([
    expect.stringContaining('--snapshot-name'),
  ]);
  expect(faultsOfAws('aws rds create-db-snapshot --db-snapshot-identifier x')).toEqual([]);
});
