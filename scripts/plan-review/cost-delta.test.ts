import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../modules/testing/synthesized.ts';
import { cents } from '../cost/line.ts';
import { type Host, runCommand } from '../platform/command.ts';
import { comment } from './comment.ts';
import { costDelta } from './cost-delta.ts';
import { type CostDelta, CostDeltas, costText, sumOf } from './cost-text.ts';

describe('what a change of settings costs', () => {
  let root: string;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: root });
  const file = (name: string) => join(root, `environments/${name}.tfvars`);
  const edit = async (name: string, from: RegExp, to: string) =>
    writeFile(file(name), (await readFile(file(name), 'utf8')).replace(from, to));
  const printed: string[] = [];
  const run = async (...args: string[]) => {
    printed.length = 0;
    const told: string[] = [];
    const host: Host = {
      root,
      env: {},
      out: (line) => void printed.push(line),
      err: (line) => void told.push(line),
      ask: undefined,
    };
    return { code: await runCommand(costDelta, args, host), told: told.join('\n') };
  };
  const costs = async (): Promise<readonly CostDelta[]> => {
    expect(await run('--base', 'HEAD', '--json')).toMatchObject({ code: 0 });
    return CostDeltas.parse(JSON.parse(printed.join('\n'))).costs;
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'countersign-cost-delta-'));
    await mkdir(join(root, 'environments/examples'), { recursive: true });
    for (const name of ['staging', 'prod']) await cp(join(repository, `environments/${name}.tfvars`), file(name));
    await cp(join(repository, 'environments/examples/startup'), join(root, 'environments/examples/startup'), {
      recursive: true,
    });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'base');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('is told of each environment with its budget, of new ones, of those that go, and why one is unknown', async () => {
    await rm(file('prod'));
    await cp(file('staging'), file('qa'));
    await edit('qa', /^/, 'environment = "qa"\n');
    await edit('staging', /task_memory +=.*/, 'task_memory = 4096');
    await writeFile(file('slip'), 'desired_count = "many"');
    const [prod, qa, slip, staging, ...others] = await costs();
    expect(others).toEqual([]);
    if (prod === undefined || qa === undefined || slip === undefined || staging === undefined) throw new Error('four');
    const text = costText([prod, qa, slip, staging]);

    const { Tasks: was = 0 } = staging.before ?? {};
    const { Tasks: is = 0 } = staging.after ?? {};
    expect(is).toBeGreaterThan(was);
    const [before, after] = [sumOf(staging.before), sumOf(staging.after)];
    expect(cents(after - before)).toBe(cents(is - was));
    expect(text).toContain(
      `| staging | ${before.toFixed(2)} | ${after.toFixed(2)} | **+${(is - was).toFixed(2)}** | ${staging.budget?.toFixed(2)}, `,
    );
    expect(text).toContain(`- staging: Tasks ${was.toFixed(2)} → ${is.toFixed(2)}`);

    expect(prod).not.toHaveProperty('after');
    const gone = sumOf(prod.before).toFixed(2);
    expect(text).toContain(`| prod | ${gone} | none | **-${gone}** | none |`);

    expect(qa).not.toHaveProperty('before');
    expect(qa.after).toEqual(staging.before);
    expect(text).toContain(`| qa | none | ${before.toFixed(2)} | **+${before.toFixed(2)}** |`);

    expect(slip.problems).toEqual([expect.stringMatching(/^after: .*environments\/slip.tfvars/)]);
    expect(text).toContain('| slip | unknown | unknown | unknown | none |');
  });

  it('warns of more than the budget', () => {
    const over = { environment: 'prod', before: { Tasks: 90 }, after: { Tasks: 120.5 }, budget: 100, problems: [] };
    expect(costText([over])).toContain('> More than the budget: prod.');
    expect(costText([over])).toContain('| prod | 90.00 | 120.50 | **+30.50** | 100.00, 121 % used |');
    expect(costText([{ ...over, budget: 130 }])).not.toContain('WARNING');
  });

  it('stands in the comment, also where no environment is planned', async () => {
    const saved = join(root, 'cost.json');
    const cost = { environment: 'prod', before: { Tasks: 90 }, after: { Tasks: 80 }, problems: [] };
    await writeFile(saved, JSON.stringify({ costs: [cost] }));
    const lines: string[] = [];
    const host: Host = { root, env: {}, out: (line) => void lines.push(line), err: () => {}, ask: undefined };
    expect(await runCommand(comment, ['--title', 'environments', '--cost', saved], host)).toBe(0);
    expect(lines.join('\n')).toMatch(/No environment is planned for this repository\.[\s\S]*\*\*-10\.00\*\*/);
    await writeFile(saved, '{"costs": 1}');
    expect(await runCommand(comment, ['--title', 'environments', '--cost', saved], host)).toBe(1);
  });

  it('needs the base', async () => {
    expect(await run('--base', 'nowhere')).toMatchObject({ code: 1, told: expect.stringContaining('fetch-depth: 2') });
    expect(await run('--base=--output=x')).toMatchObject({ code: 1, told: expect.stringContaining('is no commit') });
  });
});
