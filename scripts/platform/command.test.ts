import { EnvironmentError, UnknownEnvironment } from '../../modules/tfvars/read.ts';
import { defineCommand, type Host, runCommand } from './command.ts';
import { OperatorProblem } from './problem.ts';

const command = defineCommand({
  name: 'try',
  summary: 'Tries.',
  operands: 'FILE...',
  exits: { 2: 'somebody should look' },
  options: {
    environment: { type: 'string', value: 'NAME', description: 'Which one.' },
    region: { type: 'string', multiple: true, description: 'Where.' },
    engine: { type: 'string', choices: ['docker', 'podman'], description: 'With what.' },
    yes: { type: 'boolean', description: 'Asks nothing.' },
    'dry-run': { type: 'boolean', description: 'Changes nothing.' },
    'no-lock': { type: 'boolean', description: 'Takes no lock.' },
    json: { type: 'boolean', description: 'JSON.' },
  },
  run: async (values, host, files) => {
    if (values.environment === 'mistaken') throw new OperatorProblem('Choose another.');
    if (values.environment === 'unknown') throw new UnknownEnvironment('There is none.');
    if (values.environment === 'faulty') throw new EnvironmentError('Its file is wrong.');
    if (values.environment === 'broken') throw new TypeError('a fault');
    host.out(`Looked at ${files.length}`);
    host.report({ ...values, files });
    return 2;
  },
});

const nameless = defineCommand({ ...command, operands: undefined });

const runIt = async (which: typeof command, args: readonly string[], more: Partial<Host> = {}) => {
  const said = { out: '', err: '' };
  const host: Host = {
    root: '.',
    env: {},
    out: (line) => {
      said.out += line;
    },
    err: (line) => {
      said.err += line;
    },
    ask: undefined,
    ...more,
  };
  return { code: await runCommand(which, args, host), ...said };
};
const run = (...args: string[]) => runIt(command, args);

describe('a command', () => {
  it('gets its options and operands, and answers its exit code', async () => {
    const args = ['--environment', 'dev', '--region', 'a', '--region', 'b', '--yes', '--json', 'one', 'two'];
    const { code, out } = await run(...args);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({
      environment: 'dev',
      region: ['a', 'b'],
      yes: true,
      json: true,
      files: ['one', 'two'],
    });
  });

  it('prints for people on standard output, and with --json on standard error beside the JSON', async () => {
    expect(await run('one')).toMatchObject({ out: 'Looked at 1', err: '' });
    expect(await run('--json', 'one')).toMatchObject({ out: expect.stringMatching(/^\{/), err: 'Looked at 1' });
  });

  it('explains every option and exit code with --help, whatever else is given', async () => {
    const { code, out } = await run('--environment', 'broken', '--engine', 'none', '--help');
    expect(code).toBe(0);
    for (const part of [
      'npm run try -- [options] FILE...',
      '--environment NAME',
      'Which one.',
      '--yes',
      '--help',
      '   0  done',
      '   1  refused or failed',
      '   2  somebody should look',
      '  64  called with',
    ])
      expect(out).toContain(part);
  });

  it.each([
    [['--envirment', 'dev'], 'There is no option --envirment; did you mean --environment? See npm run try -- --help'],
    [['--dryrun'], 'There is no option --dryrun; did you mean --dry-run?'],
    [['--zzzzzz'], 'There is no option --zzzzzz. See npm run try -- --help'],
    [['--environment'], 'See npm run try -- --help'],
    [['--yes=no'], "Option '--yes' does not take an argument. See npm run try -- --help"],
    [['--engine', 'dokcer'], '--engine does not take "dokcer"; did you mean docker? It takes docker, podman.'],
    [['--environment', 'unknown'], 'There is none.'],
  ])('called with %j, does nothing, says what it takes and ends with 64', async (args, sentence) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at ');
  });

  it.each([
    ['mistaken', 'Choose another.'],
    ['faulty', 'Its file is wrong.'],
  ])('says what is wrong with %s in a sentence, and ends with 1', async (environment, sentence) => {
    expect(await run('--environment', environment)).toEqual({ code: 1, out: '', err: sentence });
  });

  it('shows where a fault of its own came from', async () => {
    const { code, err } = await run('--environment', 'broken');
    expect(code).toBe(1);
    expect(err).toMatch(/TypeError: a fault\s+at /);
  });

  it('takes a word without an option for the name of an environment that lacks its option', async () => {
    const { code, err } = await runIt(nameless, ['dev']);
    expect(code).toBe(64);
    expect(err).toContain('name the environment with --environment dev');
  });
});

describe('options that npm took, because they stood before the --', () => {
  const npm = { npm_lifecycle_event: 'try', npm_config_yes: '' };
  it.each([
    // npm run try --environment dev: what npm 11 makes of it.
    [['dev'], { npm_config_environment: 'true' }, 'npm run try -- --environment dev'],
    [[], { npm_config_environment: 'dev' }, 'npm run try -- --environment dev'],
    [
      ['dev'],
      { npm_config_environment: 'true', npm_config_dry_run: 'true' },
      'npm run try -- --environment dev --dry-run',
    ],
    [[], { npm_config_dry_run: 'true' }, 'npm run try -- --dry-run'],
    [[], { npm_config_yes: 'true' }, 'npm run try -- --yes'],
    [[], { npm_config_lock: '' }, 'npm run try -- --no-lock'],
  ])('%j with %j is refused with the call that was meant', async (args, env, call) => {
    const { code, out, err } = await runIt(nameless, args, { env: { ...npm, ...env } });
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(`Options of the command go after --: ${call}\n`);
  });

  it('are none where they stand after it, or where another script of npm runs', async () => {
    const env = { npm_config_environment: 'prod', npm_config_dry_run: 'true' };
    expect(await runIt(command, ['--environment', 'dev', '--dry-run'], { env: { ...npm, ...env } })).toMatchObject({
      code: 2,
    });
    expect(await runIt(command, [], { env: { npm_lifecycle_event: 'test', ...env } })).toMatchObject({ code: 2 });
    expect(await runIt(command, [], { env: npm })).toMatchObject({ code: 2 });
  });
});

describe('colours', () => {
  it('mark an error where the terminal shows them', async () => {
    const paintError = (tone: string, text: string) => `<${tone}>${text}</${tone}>`;
    expect((await runIt(command, ['--environment', 'mistaken'], { paintError })).err).toBe(
      '<bad>Choose another.</bad>',
    );
  });
});
