/**
 * For tests: GitHub's REST API as far as the workflows call it, each route with the right of a job's token that it takes.
 * https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
 */
import { z } from 'zod';
import { contents } from './contents.ts';
import { issues } from './issues.ts';
import { pulls } from './pulls.ts';
import type { Repository } from './repository.ts';
import { type Answered, ok, type Rights, type Route } from './route.ts';

const Inputs = z.object({ ref: z.string(), inputs: z.record(z.string(), z.string()).default({}) });

const actions: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/actions\/runs\/(\d+)\/artifacts$/,
    takes: [['actions', 'read']],
    answer: ({ artifacts }, { params: [run = ''] }) =>
      ok({ artifacts: (artifacts.get(run) ?? []).map((name) => ({ name })) }),
  },
  {
    method: 'POST',
    path: /^\/actions\/workflows\/([\w.-]+)\/dispatches$/,
    takes: [['actions', 'write']],
    answer: (repository, { params: [workflow = ''], body }) => {
      repository.dispatches.push({ workflow, ...Inputs.parse(body) });
      return { status: 204 };
    },
  },
];

export const routes: readonly Route[] = [...issues, ...pulls, ...contents, ...actions];

/** Whether a token of these rights may ask; what may be written may be read. */
export const isAllowed = (rights: Rights, takes: Route['takes']): boolean =>
  takes.some(([scope, right]) => rights[scope] === right || rights[scope] === 'write');

const Mutation = z.object({
  query: z.string().includes('enablePullRequestAutoMerge'),
  variables: z.object({ id: z.string(), head: z.string() }),
});

/** The only mutation that has no route: https://docs.github.com/en/graphql/reference/mutations#enablepullrequestautomerge */
export const autoMerge = (repository: Repository, body: unknown): Answered => {
  const { id, head } = Mutation.parse(body).variables;
  const found = repository.pulls.find(({ number }) => `PR_${number}` === id);
  const errors = (message: string): Answered => ok({ errors: [{ message }] });
  if (found === undefined) return errors('Could not resolve to a node');
  if (!repository.allowsAutoMerge) return errors('Auto merge is not allowed for this repository');
  if (found.head.sha !== head) return errors('Head sha does not match');
  found.autoMerge = true;
  return ok({ data: {} });
};
