/** `node scripts/github/dispatch.ts --workflow cutover.yml --input environment=prod`: runs a workflow of main anew. */
import { defineCommand, runAsProgram } from '../platform/command.ts';
import { UsageProblem } from '../platform/problem.ts';
import { gitHubNotes, openGitHub } from './api.ts';

const pairOf = (given: string): [string, string] => {
  const at = given.indexOf('=');
  if (at < 1) throw new UsageProblem(`--input is name=value, not ${given}.`);
  return [given.slice(0, at), given.slice(at + 1)];
};

export const dispatch = defineCommand({
  name: 'scripts/github/dispatch.ts',
  summary: 'Runs a workflow that has workflow_dispatch.',
  notes: gitHubNotes,
  options: {
    workflow: { type: 'string', value: 'FILE', description: 'Such as cutover.yml.' },
    ref: { type: 'string', value: 'BRANCH', description: 'Default: $GITHUB_REF_NAME.' },
    input: { type: 'string', multiple: true, value: 'NAME=VALUE', description: 'An input; may be repeated.' },
  },
  run: async ({ workflow, ref, input = [] }, host) => {
    const branch = ref ?? host.env.GITHUB_REF_NAME;
    if (workflow === undefined || !/^[\w.-]+$/.test(workflow) || branch === undefined)
      throw new UsageProblem('Name the workflow and the branch. See --help.');
    const github = openGitHub(host);
    await github.call('POST', `/repos/${github.repository}/actions/workflows/${workflow}/dispatches`, {
      ref: branch,
      inputs: Object.fromEntries(input.map(pairOf)),
    });
    host.err(`${workflow} is run again.`);
    return 0;
  },
});

await runAsProgram(import.meta.main, dispatch);
