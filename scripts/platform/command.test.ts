import { EnvironmentError } from '../../modules/tfvars/read.ts';
import { defineCommand, type Host, runCommand } from './command.ts';
import { OperatorProblem } from './problem.ts';

const command = defineCommand({
  name: 'try',
  summary: 'Tries.',
  operands: 'FILE...',
  options: {
    environment: { type: 'string', value: 'NAME', description: 'Which one.' },
    region: { type: 'string', multiple: true, description: 'Where.' },
    yes: { type: 'boolean', description: 'Asks nothing.' },
  },
  run: async (values, host, files) => {
    if (values.environment === 'mistaken') throw new OperatorProblem('Choose another.');
    if (values.environment === 'unknown') throw new EnvironmentError('There is none.');
    if (values.environment === 'broken') throw new TypeError('a fault');
    host.out(JSON.stringify({ ...values, files }));
    return 2;
  },
});

const run = async (...args: string[]) => {
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
  };
  return { code: await runCommand(command, args, host), ...said };
};

describe('a command', () => {
  it('gets its options and operands, and answers its exit code', async () => {
    const { code, out } = await run('--environment', 'dev', '--region', 'a', '--region', 'b', '--yes', 'one', 'two');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({ environment: 'dev', region: ['a', 'b'], yes: true, files: ['one', 'two'] });
  });

  it('tells every option with --help, whatever else is given', async () => {
    const { code, out } = await run('--environment', 'broken', '--help');
    expect(code).toBe(0);
    for (const part of ['npm run try -- [options] FILE...', '--environment NAME', 'Which one.', '--yes', '--help'])
      expect(out).toContain(part);
  });

  it.each([
    [['--envirment', 'dev'], "Unknown option '--envirment'. See npm run try -- --help"],
    [['--environment'], 'See npm run try -- --help'],
    [['--environment', 'mistaken'], 'Choose another.'],
    [['--environment', 'unknown'], 'There is none.'],
  ])('says what is wrong with %j in a sentence, and no more', async (args, sentence) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at ');
  });

  it('shows where a fault of its own came from', async () => {
    const { code, err } = await run('--environment', 'broken');
    expect(code).toBe(1);
    expect(err).toMatch(/TypeError: a fault\s+at /);
  });
});
