/** What holds for every command. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { repository } from '../modules/testing/synthesized.ts';
import { describeAll, entries } from './commands.ts';
import { parseArguments } from './platform/arguments.ts';
import { explain } from './platform/failures.ts';
import { helpOf } from './platform/help.ts';

const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(repository, 'package.json'), 'utf8'),
);
/** For whoever develops: they build, test and measure this repository, and touch no environment. */
const ofDevelopers =
  /^(postinstall|start|build|test|check|typecheck|lint|format|arrows|docs|new-pack|screenshots|conformance|attack|bench)\b|^countersign$/;

const commands = await describeAll();

it('there is one for each script of package.json that an operator runs', () => {
  const wanted = Object.keys(scripts).filter((name) => !ofDevelopers.test(name));
  expect(entries.map(({ name }) => name).sort()).toEqual(wanted.sort());
});

it('each is found under the name it has', () => {
  expect(commands.map(({ name }) => name)).toEqual(entries.map(({ name }) => name));
});

describe.each(commands.map((command) => [command.name, command] as const))('%s', (name, command) => {
  it('reports as JSON, and tells its options and exit codes', () => {
    expect(Object.keys(command.options)).toContain('json');
    const help = helpOf(command);
    for (const option of Object.keys(command.options)) expect(help).toContain(`--${option}`);
    expect(help).toMatch(/\nExit code:\n {3}0 {2}/);
  });

  it('says what it would do where it asks before doing it', () => {
    const options = Object.keys(command.options);
    if (options.includes('yes')) expect(options).toContain('dry-run');
  });

  it('knows a slip in each of its options', () => {
    for (const option of Object.keys(command.options)) {
      const slip = `${option.slice(0, -1)}${option.at(-1) === 'x' ? 'y' : 'x'}${option.length < 4 ? '' : option.at(-1)}`;
      expect(() => parseArguments(command, [`--${slip}`], {})).toThrow(`did you mean --${option}?`);
    }
  });

  it('refuses each option that npm took, with the call that was meant', () => {
    for (const [option, { type }] of Object.entries(command.options)) {
      const taken = option.startsWith('no-')
        ? { [option.slice(3)]: '' }
        : { [option]: type === 'boolean' ? 'true' : 'value' };
      const env = Object.fromEntries(
        Object.entries(taken).map(([key, value]) => [`npm_config_${key.replaceAll('-', '_')}`, value]),
      );
      expect(() => parseArguments(command, [], { ...env, npm_lifecycle_event: name })).toThrow(
        `npm run ${name} -- --${option}`,
      );
    }
  });

  it('advises no option that it has not got', () => {
    const context = {
      stack: 's',
      environment: 'dev',
      account: '1',
      stateBucket: 'b',
      offers: new Set(Object.keys(command.options)),
    };
    const said = explain('No valid credential sources found', context) ?? '';
    const advised = [...said.matchAll(/--([\w-]+)/g)].map(([, option]) => option);
    expect(advised.filter((option) => !Object.hasOwn(command.options, option ?? ''))).toEqual([]);
  });
});

const run = async (script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const { FORCE_COLOR: _, NO_COLOR: __, ...plain } = process.env;
  const child = spawn(process.execPath, [join(repository, script), ...args], { env: { ...plain, ...env } });
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  return { out, err, code };
};

describe('as a process', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'commands-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('synthesizes without a warning of Node, says what it does, and prints nothing but JSON on standard output', async () => {
    const { out, err, code } = await run('scripts/synth.ts', [
      '--environment',
      'dev',
      '--offline',
      '--json',
      '--out',
      folder,
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ environment: 'dev', stacks: [{ stack: 'dev-us-east-1' }] });
    expect(err).toMatch(/^Synthesizing dev \.* ?[\d.]+ s\ndev-us-east-1 .*\n$/);
  });

  it('has colours in a pipe only where they are forced', async () => {
    const args = ['--environment', 'devv'];
    expect((await run('scripts/cost.ts', args)).err).toMatch(/^There is no environment "devv"; did you mean dev\?/);
    expect((await run('scripts/cost.ts', args, { FORCE_COLOR: '1' })).err).toMatch(/^\S\[31mThere is no environment/);
    expect((await run('scripts/cost.ts', args, { FORCE_COLOR: '1', NO_COLOR: '1' })).err).toMatch(/^There is no/m);
  });

  it('says what emulate needs where there is no moto, in a sentence', async () => {
    const { err, code } = await run('scripts/emulate.ts', ['--environment', 'dev', '--out', folder], {
      PATH: folder,
      COUNTERSIGN_PYTHON: '/nonexistent',
    });
    expect(code).toBe(1);
    expect(err).toContain(
      "The stand-in for AWS needs Python 3 with moto: python3 -m venv .venv && .venv/bin/pip install 'moto[server]==5.2.1'",
    );
    expect(err).not.toContain('    at ');
  });
});
