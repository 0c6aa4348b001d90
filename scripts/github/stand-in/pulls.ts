/** For tests: pull requests, found, opened and merged. */
import { z } from 'zod';
import type { Repository } from './repository.ts';
import { missing, ok, page, type Route, refused } from './route.ts';

const NewPull = z.object({ title: z.string(), body: z.string(), head: z.string(), base: z.string() });
const Merge = z.object({ sha: z.string(), merge_method: z.string().optional() });

export const pulls: readonly Route[] = [
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
