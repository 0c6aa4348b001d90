/** What the workflows on GitHub promise: tests and a plan on each pull request, and no apply that nobody approved. */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const folder = resolve(import.meta.dirname, '..', '.github/workflows');
const Workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({
      environment: z.string().optional(),
      steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })).default([]),
    }),
  ),
});
const load = async (name: string) => Workflow.parse(parse(await readFile(join(folder, name), 'utf8')));
const commandsOf = ({ jobs }: z.infer<typeof Workflow>): string =>
  Object.values(jobs)
    .flatMap(({ steps }) => steps.map(({ run = '' }) => run))
    .join('\n');

it('a pull request is checked, tested and planned', async () => {
  const plan = await load('plan.yml');
  expect(Object.keys(plan.on)).toContain('pull_request');
  expect(commandsOf(plan)).toMatch(/npm run check[\s\S]*npm run test:jest[\s\S]*npm run --silent plan/);
});

it('what is applied waits for the approval of its environment', async () => {
  const { jobs } = await load('apply.yml');
  const applying = Object.values(jobs).filter(({ steps }) => steps.some(({ run = '' }) => /\bdeploy\b/.test(run)));
  expect(applying.length).toBeGreaterThan(0);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub
  for (const { environment } of applying) expect(environment).toBe('${{ matrix.environment }}');
});

it('none has a right it does not name, or a key of AWS', async () => {
  for (const name of await readdir(folder)) {
    expect((await load(name)).permissions).toEqual({});
    expect(await readFile(join(folder, name), 'utf8')).not.toMatch(/aws-(secret-)?access-key/);
  }
});
