/**
 * `node scripts/github/labels.ts --pull-request 12 >> "$GITHUB_OUTPUT"`: what the labels of a pull request allow, as the
 * options of the commands that refuse otherwise. They are asked for anew, because an event tells those of its own time.
 */
import { z } from 'zod';
import { rollActive } from '../plan-review/checks/roll-active.ts';
import { statefulDestroy } from '../plan-review/checks/stateful.ts';
import { defineCommand, runAsProgram } from '../platform/command.ts';
import { UsageProblem } from '../platform/problem.ts';
import { type GitHub, gitHubNotes, openGitHub } from './api.ts';

/** Labels with the check that each lets pass. */
const allowing: Readonly<Record<string, string>> = {
  'allow-stateful-destroy': statefulDestroy.name,
  'roll-active': rollActive.name,
};

const Labelled = z.object({ labels: z.array(z.object({ name: z.string() })) });

const labelsOf = async (
  { call, repository }: GitHub,
  number: string | undefined,
  commit: string,
): Promise<string[]> => {
  const pulls =
    number === undefined
      ? z.array(Labelled).parse(await call('GET', `/repos/${repository}/commits/${commit}/pulls`))
      : [Labelled.parse(await call('GET', `/repos/${repository}/pulls/${number}`))];
  return pulls.flatMap(({ labels }) => labels.map(({ name }) => name));
};

export const labels = defineCommand({
  name: 'scripts/github/labels.ts',
  summary: 'Says what the labels of a pull request allow: `policy=` for policy.ts, `deploy=` for npm run deploy.',
  notes: gitHubNotes,
  options: {
    'pull-request': { type: 'string', value: 'NUMBER', description: 'The pull request.' },
    commit: { type: 'string', value: 'SHA', description: 'Instead: the pull requests that a commit came with.' },
  },
  run: async ({ 'pull-request': number, commit }, host) => {
    const isNumber = /^\d+$/.test(number ?? '');
    const isCommit = /^[0-9a-f]{40}$/.test(commit ?? '');
    if (isNumber === isCommit) throw new UsageProblem('Name the pull request, or else a commit. See --help.');
    const given = await labelsOf(openGitHub(host), isNumber ? number : undefined, commit ?? '');
    const allowed = Object.entries(allowing).flatMap(([label, check]) => (given.includes(label) ? [check] : []));
    host.out(`policy=${allowed.map((check) => `--allow ${check}`).join(' ')}`);
    host.out(`deploy=${allowed.includes(statefulDestroy.name) ? '--allow-stateful-destroy' : ''}`);
    return 0;
  },
});

await runAsProgram(import.meta.main, labels);
