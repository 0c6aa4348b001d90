/** The front door: every command by its name, and what shells complete. */
import { execFileSync, spawnSync } from 'node:child_process';
import { repository } from '../modules/testing/synthesized.ts';
import { entries } from './commands.ts';
import { countersign } from './countersign.ts';

const run = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const said = { out: [] as string[], err: [] as string[] };
  const code = await countersign(args, {
    root: repository,
    env,
    out: (line) => said.out.push(line),
    err: (line) => said.err.push(line),
    ask: undefined,
  });
  return { code, out: said.out.join('\n'), err: said.err.join('\n') };
};

describe('the front door', () => {
  it('lists every command with what it does, as text and as JSON', async () => {
    const { code, out } = await run([]);
    expect(code).toBe(0);
    for (const { name } of entries) expect(out).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'));
    const listed: { commands: { name: string }[] }[] = JSON.parse((await run(['help', '--json'])).out);
    expect(listed.flatMap(({ commands }) => commands.map(({ name }) => name))).toEqual(entries.map(({ name }) => name));
  });

  it('runs the command that is named, with its options and its exit code', async () => {
    const { code, out } = await run(['environments', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'dev' })]));
    const refused = await run(['cost', '--environment', 'devv']);
    expect(refused).toMatchObject({ code: 64, err: expect.stringContaining('did you mean dev?') });
  });

  it('tells the options of a command both ways', async () => {
    const { out } = await run(['scale', '--help']);
    expect(out).toContain('--desired COUNT');
    expect((await run(['help', 'scale'])).out).toBe(out);
  });

  it.each([
    [['plam'], 'There is no command "plam"; did you mean plan? npm run countersign -- help lists them.'],
    [['help', 'audit'], 'There is no command "audit"; did you mean audit:verify?'],
    [['--jsno'], 'There is no command "--jsno"'],
    [['completion', 'bsh'], 'does not know "bsh"; did you mean bash? It knows bash, zsh.'],
    [['completion'], 'needs one of bash, zsh. See npm run countersign -- completion --help'],
    [['completion', 'bash', 'zsh'], 'completion bash takes no further word, such as "zsh"'],
  ])('refuses %j with what was meant', async (args, said) => {
    const { code, err } = await run(args);
    expect(err).toContain(said);
    expect(code).toBe(64);
  });

  it('finds out that npm took an option, which would otherwise be left out', async () => {
    const env = { npm_lifecycle_event: 'countersign', npm_config_environment: 'true' };
    const { code, err } = await run(['cost', 'dev'], env);
    expect(err).toContain('npm run cost -- --environment dev');
    expect(code).toBe(64);
  });
});

describe('completion', () => {
  const scripts = new Map<string, string>();
  beforeAll(async () => {
    for (const shell of ['bash', 'zsh']) scripts.set(shell, (await run(['completion', shell])).out);
  });

  /** What the shell offers after `line`. */
  const bash = (line: string): readonly string[] => {
    const ask = `COMP_LINE='${line}' COMP_POINT=${line.length} _countersign; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const out = execFileSync('bash', ['--norc', '-c', `${scripts.get('bash')}\n${ask}`], { encoding: 'utf8' });
    return out.split('\n').filter((word) => word !== '');
  };
  /** compadd keeps what begins with the word under the cursor; here it prints all that it gets. */
  const zsh = (line: string): readonly string[] => {
    const words = line.split(' ').map((word) => `'${word}'`);
    const stubs = 'compdef() { : }; compadd() { shift; print -l -- "$@" }';
    const ask = `words=(${words.join(' ')}); CURRENT=${words.length}; _countersign`;
    const out = execFileSync('zsh', ['-f', '-c', `${stubs}\n${scripts.get('zsh')}\n${ask}`], { encoding: 'utf8' });
    return out.split('\n').filter((word) => word !== '');
  };

  const hasZsh = process.env.CI === 'true' || spawnSync('zsh', ['--version']).error === undefined;
  it.each([['bash', bash] as const, ...(hasZsh ? [['zsh', zsh] as const] : [])])(
    '%s knows commands, options, environments and choices',
    (_, complete) => {
      expect(complete('countersign ')).toEqual([...entries.map(({ name }) => name), 'help', 'completion']);
      expect(complete('countersign plan --')).toEqual(expect.arrayContaining(['--environment', '--json', '--help']));
      expect(complete('countersign plan --environment ')).toEqual(
        expect.arrayContaining(['dev', 'prod', 'examples/alerts/prod']),
      );
      expect(complete('countersign completion ')).toEqual(expect.arrayContaining(['bash', 'zsh']));
      expect(complete('countersign help ')).toContain('audit:verify');
      expect(complete('countersign scale --desired ')).toEqual([]);
    },
  );

  it('bash keeps what was typed before a colon, which it takes for the end of a word', () => {
    expect(bash('countersign pla')).toEqual(['plan']);
    expect(bash('countersign aud')).toEqual(['audit:verify', 'audit:files', 'audit:import']);
    expect(bash('countersign audit:v')).toEqual(['verify']);
  });

  it('bash runs the command from any folder', () => {
    const script = `${scripts.get('bash')}\ncd / && countersign environments --json`;
    const out = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8', stdio: 'pipe' });
    expect(JSON.parse(out)).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'dev' })]));
  });
});
