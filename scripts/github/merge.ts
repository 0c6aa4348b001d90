/**
 * `node scripts/github/merge.ts --pull-request 12 --head SHA`: merges a pull request that asks nobody, such as one with an
 * empty plan. Where main is protected it is merged by GitHub once the checks are green; else it waits for a person.
 */
import { z } from 'zod';
import { defineCommand, runAsProgram } from '../platform/command.ts';
import { OperatorProblem, UsageProblem } from '../platform/problem.ts';
import { type GitHub, GitHubRefusal, gitHubNotes, openGitHub } from './api.ts';

const Pull = z.object({ node_id: z.string() });

/** One commit on main, or else what the repository allows. */
const methods = ['squash', 'merge', 'rebase'] as const;

const WHEN_GREEN = `mutation ($id: ID!, $head: GitObjectID!) {
  enablePullRequestAutoMerge(input: { pullRequestId: $id, expectedHeadOid: $head, mergeMethod: SQUASH }) { clientMutationId }
}`;

/** Undefined: merged. Otherwise what GitHub says against it. */
const mergeNow = async ({ call }: GitHub, pull: string, sha: string): Promise<string | undefined> => {
  let refusal = '';
  for (const merge_method of methods) {
    try {
      await call('PUT', `${pull}/merge`, { sha, merge_method });
      return undefined;
    } catch (error) {
      if (!(error instanceof GitHubRefusal) || ![403, 405].includes(error.status)) throw error;
      refusal = error.message;
      // Another way of merging helps in no other case.
      if (!/not allowed/.test(error.message)) return refusal;
    }
  }
  return refusal;
};

export const merge = defineCommand({
  name: 'scripts/github/merge.ts',
  summary: 'Merges a pull request at the commit that was looked at, now or once its checks are green.',
  notes: gitHubNotes,
  exits: { 0: 'merged, about to be, or left to a person: what it prints says which' },
  options: {
    'pull-request': { type: 'string', value: 'NUMBER', description: 'The pull request.' },
    head: { type: 'string', value: 'SHA', description: 'Its commit; another one is not merged.' },
  },
  run: async ({ 'pull-request': number, head }, host) => {
    if (!/^\d+$/.test(number ?? '') || head === undefined || !/^[0-9a-f]{40}$/.test(head))
      throw new UsageProblem('Name the pull request and its commit. See --help.');
    const github = openGitHub(host);
    const pull = `/repos/${github.repository}/pulls/${number}`;
    const refusal = await mergeNow(github, pull, head);
    if (refusal === undefined) {
      host.out('Merged.');
      return 0;
    }
    try {
      const { node_id: id } = Pull.parse(await github.call('GET', pull));
      await github.graphql(WHEN_GREEN, { id, head });
      host.out('Is merged once its checks are green.');
    } catch (error) {
      if (!(error instanceof OperatorProblem)) throw error;
      host.out(`Left open for a person. ${refusal} ${error.message}`);
    }
    return 0;
  },
});

await runAsProgram(import.meta.main, merge);
