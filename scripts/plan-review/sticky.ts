/**
 * `node scripts/plan-review/sticky.ts --pull-request 12 comment.md`: posts a comment, or writes the one anew that it
 * posted before, so that a pull request has one and not one a push.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { defineCommand, type Host, runAsProgram } from '../platform/command.ts';
import { OperatorProblem, UsageProblem } from '../platform/problem.ts';

const Comments = z.array(
  z.object({ id: z.int(), body: z.string().nullish(), user: z.object({ login: z.string() }).nullish() }),
);

// What GITHUB_TOKEN posts as. Somebody else's comment with the same marker is not ours to change.
const AUTHOR = 'github-actions[bot]';
const PAGE = 100;

type Call = (method: string, path: string, body?: object) => Promise<unknown>;

const api = ({ env }: Host): Call => {
  const { GITHUB_API_URL: base = 'https://api.github.com', GITHUB_TOKEN: token } = env;
  if (token === undefined || token === '') throw new OperatorProblem('GITHUB_TOKEN is not set.');
  return async (method, path, body) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    if (!response.ok) throw new OperatorProblem(`GitHub answers ${response.status} to ${method} ${path}.`);
    return response.json();
  };
};

const findComment = async (call: Call, issue: string, mark: string): Promise<number | undefined> => {
  for (let page = 1; ; page += 1) {
    const comments = Comments.parse(await call('GET', `${issue}/comments?per_page=${PAGE}&page=${page}`));
    const found = comments.find(({ body, user }) => user?.login === AUTHOR && body?.startsWith(mark) === true);
    if (found !== undefined) return found.id;
    if (comments.length < PAGE) return undefined;
  }
};

export const sticky = defineCommand({
  name: 'scripts/plan-review/sticky.ts',
  summary: 'Posts a comment on a pull request, or writes the one anew whose first line is the same hidden marker.',
  notes: 'Takes GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL as GitHub Actions sets them.',
  operands: 'COMMENT.md',
  options: { 'pull-request': { type: 'string', value: 'NUMBER', description: 'The pull request.' } },
  run: async ({ 'pull-request': number }, host, [file]) => {
    const { GITHUB_REPOSITORY: repository } = host.env;
    if (file === undefined || !/^\d+$/.test(number ?? ''))
      throw new UsageProblem('Name the pull request and the file. See --help.');
    if (repository === undefined) throw new OperatorProblem('GITHUB_REPOSITORY is not set.');
    const body = await readFile(file, 'utf8');
    const [mark = ''] = body.split('\n');
    if (!mark.startsWith('<!-- '))
      throw new OperatorProblem(`${file} does not begin with a marker: make it with comment.ts.`);
    const call = api(host);
    const issues = `/repos/${repository}/issues`;
    const existing = await findComment(call, `${issues}/${number}`, mark);
    if (existing === undefined) await call('POST', `${issues}/${number}/comments`, { body });
    else await call('PATCH', `${issues}/comments/${existing}`, { body });
    host.err(existing === undefined ? 'Posted.' : 'Written anew.');
    return 0;
  },
});

await runAsProgram(import.meta.main, sticky);
