/**
 * `node scripts/github/issue.ts --label drift --title "Drift: ..." report.md`: opens an issue, or adds to the one that is
 * open with the same label, so that what lasts for weeks is one issue and not one a night.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { defineCommand, runAsProgram } from '../platform/command.ts';
import { UsageProblem } from '../platform/problem.ts';
import { gitHubNotes, openGitHub } from './api.ts';

// To GitHub a pull request is an issue too.
const Issues = z.array(z.object({ number: z.int(), pull_request: z.unknown().optional() }));

export const issue = defineCommand({
  name: 'scripts/github/issue.ts',
  summary: 'Opens an issue with a label, or comments on the one that is open with it.',
  notes: gitHubNotes,
  operands: 'TEXT.md',
  options: {
    label: { type: 'string', value: 'LABEL', description: 'Label by which the open issue is found.' },
    title: { type: 'string', value: 'TEXT', description: 'Title of a new issue.' },
  },
  run: async ({ label, title }, host, [file]) => {
    if (label === undefined || title === undefined || file === undefined)
      throw new UsageProblem('Give a label, a title and the file with the text. See --help.');
    const body = await readFile(file, 'utf8');
    const github = openGitHub(host);
    const issues = `/repos/${github.repository}/issues`;
    const query = new URLSearchParams({ labels: label, state: 'open', per_page: '100' });
    const found = Issues.parse(await github.call('GET', `${issues}?${query}`));
    const open = found.find(({ pull_request }) => pull_request === undefined);
    if (open === undefined) await github.call('POST', issues, { title, body, labels: [label] });
    else await github.call('POST', `${issues}/${open.number}/comments`, { body });
    host.err(open === undefined ? 'Opened an issue.' : `Added to issue ${open.number}.`);
    return 0;
  },
});

await runAsProgram(import.meta.main, issue);
