/**
 * For tests: GitHub's REST API as far as the workflows call it, each route with the right of a job's token that it takes.
 * https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
 */
import { z } from 'zod';
import type { Repository } from './repository.ts';

export type Rights = Readonly<Record<string, string>>;

export interface Asked {
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Answered {
  readonly status: number;
  readonly body?: unknown;
}

interface Route {
  readonly method: string;
  /** Below `/repos/<owner>/<name>`; a group is a parameter. */
  readonly path: RegExp;
  /** One of these is enough. */
  readonly takes: readonly (readonly [scope: string, right: 'read' | 'write'])[];
  readonly answer: (repository: Repository, asked: Asked) => Answered;
}

const ok = (body: unknown, status = 200): Answered => ({ status, body });
const refused = (status: number, message: string): Answered => ({ status, body: { message } });
const missing = refused(404, 'Not Found');

const page = <T>(all: readonly T[], query: URLSearchParams): Answered => {
  const [number, size] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 30)];
  return ok(all.slice((number - 1) * size, number * size));
};

const Body = z.object({ body: z.string() });
const Labelled = z.object({ title: z.string(), body: z.string(), labels: z.array(z.string()).default([]) });

const issues: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/issues\/(\d+)\/comments$/,
    takes: [
      ['pull-requests', 'read'],
      ['issues', 'read'],
    ],
    answer: ({ comments }, { params: [issue], query }) =>
      page(
        comments.filter((each) => each.issue === Number(issue)),
        query,
      ),
  },
  {
    method: 'POST',
    path: /^\/issues\/(\d+)\/comments$/,
    takes: [
      ['pull-requests', 'write'],
      ['issues', 'write'],
    ],
    answer: (repository, { params: [issue], body }) =>
      ok(repository.comment(Number(issue), Body.parse(body).body), 201),
  },
  {
    method: 'PATCH',
    path: /^\/issues\/comments\/(\d+)$/,
    takes: [
      ['pull-requests', 'write'],
      ['issues', 'write'],
    ],
    answer: ({ comments }, { params: [id], body }) => {
      const found = comments.find((each) => each.id === Number(id));
      if (found === undefined) return missing;
      found.body = Body.parse(body).body;
      return ok(found);
    },
  },
  {
    method: 'GET',
    path: /^\/issues$/,
    takes: [['issues', 'read']],
    answer: (repository, { query }) => {
      const wanted = query.get('labels') ?? '';
      const state = query.get('state') ?? 'open';
      const found = repository.issues.filter(
        (issue) => issue.state === state && issue.labels.some(({ name }) => name === wanted),
      );
      return page(found, query);
    },
  },
  {
    method: 'POST',
    path: /^\/issues$/,
    takes: [['issues', 'write']],
    // GitHub makes a label that is not there yet.
    answer: (repository, { body }) => ok(repository.issue(Labelled.parse(body)), 201),
  },
];

const NewPull = z.object({ title: z.string(), body: z.string(), head: z.string(), base: z.string() });
const Merge = z.object({ sha: z.string(), merge_method: z.string().optional() });

const pulls: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/commits\/([0-9a-f]{40})\/pulls$/,
    takes: [['pull-requests', 'read']],
    answer: (repository, { params: [sha], query }) =>
      page(
        repository.pulls.filter(({ head, number }) => head.sha === sha || mergedAs(repository, number) === sha),
        query,
      ),
  },
  {
    method: 'GET',
    path: /^\/pulls\/(\d+)$/,
    takes: [['pull-requests', 'read']],
    answer: (repository, { params: [number] }) => {
      const found = repository.pulls.find((pull) => pull.number === Number(number));
      return found === undefined ? missing : ok({ ...found, node_id: `PR_${number}` });
    },
  },
  {
    method: 'GET',
    path: /^\/pulls$/,
    takes: [['pull-requests', 'read']],
    answer: (repository, { query }) => {
      const head = (query.get('head') ?? '').replace(/^[^:]*:/, '');
      return page(
        repository.pulls.filter((pull) => pull.state === 'open' && pull.head.ref === head),
        query,
      );
    },
  },
  {
    method: 'POST',
    path: /^\/pulls$/,
    takes: [['pull-requests', 'write']],
    answer: (repository, { body }) => {
      const given = NewPull.parse(body);
      if (!repository.branches.has(given.head)) return refused(422, 'Validation Failed');
      return ok(repository.pull(given), 201);
    },
  },
  {
    method: 'PATCH',
    path: /^\/pulls\/(\d+)$/,
    takes: [['pull-requests', 'write']],
    answer: (repository, { params: [number], body }) => {
      const found = repository.pulls.find((pull) => pull.number === Number(number));
      if (found === undefined) return missing;
      return ok(Object.assign(found, z.object({ title: z.string(), body: z.string() }).parse(body)));
    },
  },
  {
    method: 'PUT',
    path: /^\/pulls\/(\d+)\/merge$/,
    takes: [['contents', 'write']],
    answer: (repository, { params: [number], body }) => {
      const found = repository.pulls.find((pull) => pull.number === Number(number));
      if (found === undefined) return missing;
      if (Merge.parse(body).sha !== found.head.sha) return refused(409, 'Head branch was modified.');
      if (repository.protected) return refused(405, 'Required status check "test" is expected.');
      return ok({ merged: true, sha: repository.merge(found) });
    },
  },
];

const mergedAs = (repository: Repository, number: number): string | undefined =>
  [...repository.commits].find(([, { message }]) => message === `Merge pull request #${number}`)?.[0];

const Tree = z.object({
  base_tree: z.string(),
  tree: z.array(
    z.object({ path: z.string(), mode: z.literal('100644'), type: z.literal('blob'), content: z.string() }),
  ),
});
const NewCommit = z.object({ message: z.string(), tree: z.string(), parents: z.array(z.string()) });
const Ref = z.object({ sha: z.string(), ref: z.string().optional(), force: z.boolean().optional() });

const contents: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/git\/ref\/heads\/(.+)$/,
    takes: [['contents', 'read']],
    answer: ({ branches }, { params: [branch = ''] }) => {
      const sha = branches.get(branch);
      return sha === undefined ? missing : ok({ object: { sha } });
    },
  },
  {
    method: 'GET',
    path: /^\/contents\/(.+)$/,
    takes: [['contents', 'read']],
    answer: (repository, { params: [path = ''], query }) => {
      const text = repository.file(decodeURIComponent(path), query.get('ref') ?? 'main');
      return text === undefined
        ? missing
        : ok({
            encoding: 'base64',
            content: Buffer.from(text)
              .toString('base64')
              .replaceAll(/(.{60})/g, '$1\n'),
          });
    },
  },
  {
    method: 'POST',
    path: /^\/git\/trees$/,
    takes: [['contents', 'write']],
    answer: (repository, { body }) => {
      const { base_tree, tree } = Tree.parse(body);
      const base = repository.at(base_tree);
      if (base === undefined) return missing;
      const files = new Map(base.files);
      for (const { path, content } of tree) files.set(path, content);
      return ok({ sha: repository.tree(files) }, 201);
    },
  },
  {
    method: 'POST',
    path: /^\/git\/commits$/,
    takes: [['contents', 'write']],
    answer: (repository, { body }) => {
      const { message, tree, parents } = NewCommit.parse(body);
      const files = repository.trees.get(tree);
      return files === undefined ? missing : ok({ sha: repository.commit(parents, message, files) }, 201);
    },
  },
  {
    method: 'POST',
    path: /^\/git\/refs$/,
    takes: [['contents', 'write']],
    answer: (repository, { body }) => {
      const { ref = '', sha } = Ref.parse(body);
      const branch = ref.replace(/^refs\/heads\//, '');
      if (repository.branches.has(branch)) return refused(422, 'Reference already exists');
      repository.branches.set(branch, sha);
      return ok({ ref, object: { sha } }, 201);
    },
  },
  {
    method: 'PATCH',
    path: /^\/git\/refs\/heads\/(.+)$/,
    takes: [['contents', 'write']],
    answer: (repository, { params: [branch = ''], body }) => {
      const { sha, force } = Ref.parse(body);
      if (!repository.branches.has(branch)) return refused(422, 'Reference does not exist');
      if (force !== true) return refused(422, 'Update is not a fast forward');
      repository.branches.set(branch, sha);
      for (const pull of repository.pulls) if (pull.head.ref === branch && pull.state === 'open') pull.head.sha = sha;
      return ok({ object: { sha } });
    },
  },
];

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
