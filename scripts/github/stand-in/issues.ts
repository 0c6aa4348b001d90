/** For tests: issues, and the comments on them and on pull requests. */
import { z } from 'zod';
import { missing, ok, page, type Route } from './route.ts';

const Body = z.object({ body: z.string() });
const Labelled = z.object({ title: z.string(), body: z.string(), labels: z.array(z.string()).default([]) });

export const issues: readonly Route[] = [
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
