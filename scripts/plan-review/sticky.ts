/**
 * `node scripts/plan-review/sticky.ts --pull-request 12 comment.md`: posts a comment, or writes the one anew that it
 * posted before, so that a pull request has one and not one a push.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type GitHub, gitHubNotes, openGitHub } from '../github/api.ts';
import { defineCommand, runAsProgram } from '../platform/command.ts';
import { OperatorProblem, UsageProblem } from '../platform/problem.ts';

const Comments = z.array(
  z.object({ id: z.int(), body: z.string().nullish(), user: z.object({ login: z.string() }).nullish() }),
);

// What GITHUB_TOKEN posts as. Somebody else's comment with the same marker is not ours to change.
const AUTHOR = 'github-actions[bot]';
const PAGE = 100;

const findComment = async ({ call }: GitHub, issue: string, mark: string): Promise<number | undefined> => {
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
  notes: gitHubNotes,
  operands: 'COMMENT.md',
  options: { 'pull-request': { type: 'string', value: 'NUMBER', description: 'The pull request.' } },
  run: async ({ 'pull-request': number }, host, [file]) => {
    if (file === undefined || !/^\d+$/.test(number ?? ''))
      throw new UsageProblem('Name the pull request and the file. See --help.');
    const body = await readFile(file, 'utf8');
    const [mark = ''] = body.split('\n');
    if (!mark.startsWith('<!-- '))
      throw new OperatorProblem(`${file} does not begin with a marker: make it with comment.ts.`);
    const github = openGitHub(host);
    const issues = `/repos/${github.repository}/issues`;
    const existing = await findComment(github, `${issues}/${number}`, mark);
    if (existing === undefined) await github.call('POST', `${issues}/${number}/comments`, { body });
    else await github.call('PATCH', `${issues}/comments/${existing}`, { body });
    host.err(existing === undefined ? 'Posted.' : 'Written anew.');
    return 0;
  },
});

await runAsProgram(import.meta.main, sticky);
