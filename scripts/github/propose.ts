/**
 * `node scripts/github/propose.ts --environment prod --idle-image REF`: a pull request that changes one setting of one
 * environment. It is one commit on top of main, and the same pull request when it is proposed again.
 */
import { z } from 'zod';
import { readEnvironment, readTfvars } from '../../modules/tfvars/read.ts';
import { defineCommand, runAsProgram } from '../platform/command.ts';
import { environment } from '../platform/options.ts';
import { OperatorProblem, UsageProblem } from '../platform/problem.ts';
import { type GitHub, GitHubRefusal, gitHubNotes, openGitHub } from './api.ts';
import { withSetting } from './settings-text.ts';

const Ref = z.object({ object: z.object({ sha: z.string() }) });
const Content = z.object({ encoding: z.literal('base64'), content: z.string() });
const Made = z.object({ sha: z.string() });
const Pulls = z.array(z.object({ number: z.int() }));

/** What is proposed, for whoever reads it. */
interface Proposal {
  readonly file: string;
  readonly label: string;
  readonly setting: 'image_blue' | 'image_green' | 'container_image' | 'active_colour';
  readonly value: string;
  readonly title: string;
  readonly body: string;
}

const imageBody = (environment: string, setting: string): string =>
  [
    `Gives the colour of ${environment} that has no traffic this image (\`${setting}\`). Its plan changes that colour's task`,
    'definition and service only. After the apply was approved, run the workflow `cutover`.',
  ].join('\n');

const colourBody = (environment: string): string =>
  [
    `Says which colour of ${environment} is in service, which is what a rule that is made anew begins with. The cutover is over;`,
    'the plan of this is empty, because Terraform ignores the weights of a rule that stands.',
  ].join('\n');

/** The text of the file on main, and main's commit. */
const onMain = async ({ call, repository }: GitHub, branch: string, file: string) => {
  const { object } = Ref.parse(await call('GET', `/repos/${repository}/git/ref/heads/${branch}`));
  const path = file.split('/').map(encodeURIComponent).join('/');
  const { content } = Content.parse(await call('GET', `/repos/${repository}/contents/${path}?ref=${object.sha}`));
  return { sha: object.sha, text: Buffer.from(content, 'base64').toString('utf8') };
};

/** One commit, and the branch that begins and ends with it. */
const commit = async (
  { call, repository }: GitHub,
  base: string,
  branch: string,
  { file, title }: Proposal,
  content: string,
): Promise<string> => {
  const git = `/repos/${repository}/git`;
  const tree = Made.parse(
    await call('POST', `${git}/trees`, {
      base_tree: base,
      tree: [{ path: file, mode: '100644', type: 'blob', content }],
    }),
  );
  const { sha } = Made.parse(await call('POST', `${git}/commits`, { message: title, tree: tree.sha, parents: [base] }));
  try {
    await call('POST', `${git}/refs`, { ref: `refs/heads/${branch}`, sha });
  } catch (error) {
    if (!(error instanceof GitHubRefusal) || error.status !== 422) throw error;
    await call('PATCH', `${git}/refs/heads/${branch}`, { sha, force: true });
  }
  return sha;
};

const openPull = async (
  { call, repository }: GitHub,
  head: string,
  base: string,
  { title, body }: Proposal,
): Promise<number> => {
  const pulls = `/repos/${repository}/pulls`;
  const query = new URLSearchParams({ head: `${repository.split('/')[0]}:${head}`, state: 'open' });
  const [open] = Pulls.parse(await call('GET', `${pulls}?${query}`));
  if (open !== undefined) {
    await call('PATCH', `${pulls}/${open.number}`, { title, body });
    return open.number;
  }
  return z.object({ number: z.int() }).parse(await call('POST', pulls, { title, body, head, base })).number;
};

/** @throws OperatorProblem where the settings with it cannot be used */
const propose = async (github: GitHub, main: string, proposal: Proposal) => {
  const { file, label, setting, value } = proposal;
  const { sha: base, text } = await onMain(github, main, file);
  const changed = await withSetting(file, text, setting, value);
  if (changed === text) return undefined;
  const regions = await readTfvars(file, changed);
  const other = regions.find((settings) => settings[setting] !== value);
  if (other !== undefined)
    throw new OperatorProblem(`${file} has another ${setting} in ${other.regions[0]}: change region_settings by hand.`);
  const branch = `settings/${label}-${setting}`;
  const head = await commit(github, base, branch, proposal, changed);
  return { number: await openPull(github, branch, main, proposal), head };
};

export const proposeCommand = defineCommand({
  name: 'scripts/github/propose.ts',
  summary:
    'Opens the pull request that changes one setting: the image of the idle colour, or which colour is in service.',
  notes: `${gitHubNotes}\nPrints number= and head= for the steps that follow; number is empty where nothing would change.`,
  options: {
    environment,
    'idle-image': {
      type: 'string',
      value: 'IMAGE',
      description: 'Image by its digest, for the colour that has no traffic; without blue_green for the only one.',
    },
    'active-colour': {
      type: 'string',
      value: 'COLOUR',
      choices: ['blue', 'green'],
      description: 'Colour that has all traffic after a cutover.',
    },
    note: { type: 'string', value: 'TEXT', description: 'A last line, such as a link to the run.' },
  },
  run: async ({ environment: name, 'idle-image': image, 'active-colour': colour, note = '' }, host) => {
    if ((image === undefined) === (colour === undefined))
      throw new UsageProblem('Give --idle-image, or else --active-colour. See --help.');
    if (image !== undefined && !/@sha256:[0-9a-f]{64}$/.test(image))
      throw new OperatorProblem(`${image} is no image by its digest: name@sha256:...`);
    const { file, label, name: known, regions } = await readEnvironment(host.root, name ?? host.env.ENVIRONMENT);
    const [settings] = regions;
    if (settings === undefined) throw new OperatorProblem(`${file} names no region.`);
    const { blue_green, active_colour, github_branch } = settings;
    const idle = blue_green ? (active_colour === 'blue' ? 'image_green' : 'image_blue') : 'container_image';
    const made = await propose(openGitHub(host), github_branch, {
      file,
      label,
      ...(image !== undefined
        ? { setting: idle, value: image, title: `${known}: new ${idle}`, body: `${imageBody(known, idle)}\n\n${note}` }
        : {
            setting: 'active_colour',
            value: colour ?? '',
            title: `${known}: ${colour} is in service`,
            body: `${colourBody(known)}\n\n${note}`,
          }),
    });
    host.out(`number=${made?.number ?? ''}`);
    host.out(`head=${made?.head ?? ''}`);
    host.err(
      made === undefined
        ? `Nothing to propose: ${file} says so already.`
        : `Pull request ${made.number} changes ${file}.`,
    );
    return 0;
  },
});

await runAsProgram(import.meta.main, proposeCommand);
