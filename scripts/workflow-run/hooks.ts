/** For tests: a repository on the stand-in for GitHub, with the environments and roles that this repository's prod has. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type TerraformStack, Testing } from 'cdktf';
import { addAccess, workflowRoles } from '../../modules/stacks/access.ts';
import { rulesOf } from '../../modules/testing/policy.ts';
import { primaryDeploymentOf, readSynthesized, repository } from '../../modules/testing/synthesized.ts';
import { environments } from '../environments.ts';
import { type GitHubStandIn, startGitHub } from '../github/stand-in/server.ts';
import { runCommand } from '../platform/command.ts';
import { bashOf, nodeAnswers, npmAnswers } from './answers.ts';
import { type Call, callsIn, placePrograms } from './programs.ts';
import { runWorkflow } from './run.ts';
import type { Event, Run, World } from './world.ts';

export const settingsFile = 'environments/prod.tfvars';

const deployment = await primaryDeploymentOf('prod');
const { account_id: account, github_repository = '' } = deployment.settings;
const roles = workflowRoles(deployment);
const arnOf = (use: keyof typeof roles): string => `arn:aws:iam::${account}:role/${roles[use]}`;

/** Subjects that the roles trust, as they are synthesized. */
const trusts = (): ReadonlyMap<string, readonly string[]> => {
  const app = Testing.stubVersion(new App({ stackTraces: false, outdir: 'unused' }));
  addAccess(app, 'prod', deployment);
  const access = readSynthesized(Testing.synth(app.node.findChild('prod-access') as TerraformStack));
  const uses = ['plan', 'apply', 'image', 'cutover'] as const;
  // prod has no weekends; where an environment has, its role trusts this one too (modules/stacks/access.test.ts).
  const weekend = (use: string) => (use === 'apply' ? [`repo:${github_repository}:environment:prod-weekend`] : []);
  // Nor does it keep the way back open for hours; the role of one that does trusts this one too.
  const finish = (use: string) => (use === 'cutover' ? [`repo:${github_repository}:environment:prod-finish`] : []);
  return new Map(
    uses.map((use) => [
      arnOf(use),
      [
        ...weekend(use),
        ...finish(use),
        ...rulesOf(access, `${use}_trust`).flatMap(({ condition = [] }) =>
          condition.filter(({ variable }) => variable.endsWith(':sub')).flatMap(({ values }) => [...values]),
        ),
      ],
    ]),
  );
};

/** What `npm run environments -- --json` prints. */
const listEnvironments = async (): Promise<string> => {
  const lines: string[] = [];
  const out = (line: string) => void lines.push(line);
  await runCommand(environments, ['--json'], { root: repository, env: {}, out, err: () => {}, ask: undefined });
  return lines.join('\n');
};

export type Approve = NonNullable<World['approve']>;

export const onWorkflows = () => {
  let github: GitHubStandIn;
  let folder: string;
  let programs: string;
  let approve: Approve = () => true;
  let app: Record<string, string> = {};
  const trusted = trusts();

  let listed: string;
  beforeAll(async () => {
    listed = await listEnvironments();
  });
  beforeEach(async () => {
    github = await startGitHub(
      { [settingsFile]: await readFile(join(repository, settingsFile), 'utf8') },
      github_repository,
    );
    folder = await mkdtemp(join(tmpdir(), 'countersign-workflows-'));
    programs = join(folder, 'programs');
    await placePrograms(programs, { npm: bashOf(npmAnswers), node: bashOf(nodeAnswers) });
    await writeFile(join(programs, 'environments.json'), listed);
    approve = () => true;
    app = {};
  });
  afterEach(async () => {
    github.stop();
    await rm(folder, { recursive: true, force: true });
  });

  return {
    github: () => github.repository,
    /** Calls of the API for which a job had no right. */
    denied: () => github.denied,
    run: (file: string, event: Event): Promise<Run> =>
      runWorkflow(
        {
          github,
          programs,
          folder,
          approve: (environment, job) => approve(environment, job),
          trusts: trusted,
          vars: {
            PLAN_ROLES: JSON.stringify({ prod: arnOf('plan') }),
            IMAGE_ROLES: JSON.stringify({ prod: arnOf('image') }),
            ...app,
          },
          secrets: { PLAN_PASSPHRASE: 'long', FLOW_APP_KEY: 'key' },
          environments: {
            prod: { vars: { APPLY_ROLE: arnOf('apply'), CUTOVER_ROLE: arnOf('cutover') } },
            'prod-weekend': { vars: { APPLY_ROLE: arnOf('apply') } },
            'prod-finish': { vars: { CUTOVER_ROLE: arnOf('cutover') } },
          },
        },
        file,
        event,
      ),
    reviewers: (decide: Approve): void => {
      approve = decide;
    },
    /** The repository has a GitHub App from now on. */
    withApp: (): void => {
      app = { FLOW_APP_ID: '1' };
    },
    /** Puts a file beside the stand-ins, for the scenario. */
    put: (name: string, text: string) => writeFile(join(programs, name), text),
    /** Gives a command another answer, in bash. */
    answer: (script: string, bash: string) => writeFile(join(programs, 'npm', script), bash),
    /** What the stand-in of the cutover keeps. */
    record: async (): Promise<unknown> => JSON.parse(await readFile(join(programs, 'cutover.json'), 'utf8')),
    calls: (): Promise<readonly Call[]> => callsIn(programs),
    /** Arguments of each call of an npm script, after its name. */
    called: async (script: string): Promise<readonly string[]> =>
      (await callsIn(programs))
        .map((call) => call.join(' '))
        .filter((call) => new RegExp(`^npm run (--silent )?${script}( |$)`).test(call))
        .map((call) => call.replace(/^.*? -- /, '')),
    arnOf,
  };
};
