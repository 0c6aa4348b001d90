/** Cutovers from end to end: the workflow's lines, the real command, and moto in place of AWS. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deployment } from '../../modules/stacks/deployment.ts';
import { publicUrlOf } from '../../modules/stacks/hosts.ts';
import { repository } from '../../modules/testing/synthesized.ts';
import { HttpApiEvent } from '../../service/src/lambda/event.ts';
import { cutover } from '../cutover.ts';
import { aliasOf, answerEvent, deployFunction } from '../operate/cutover/alias/rig.ts';
import { serveLambda } from '../operate/cutover/alias/stand-in.ts';
import { type Balanced, deployColours } from '../operate/cutover/fargate/rig.ts';
import { deployInstances } from '../operate/cutover/refresh/rig.ts';
import { goodManners, serveManners } from '../operate/cutover/smoke/server.ts';
import { openStore } from '../operate/cutover/store.ts';
import { onStandIn } from '../operate/on-stand-in.ts';
import { openOperated } from '../operate/operated.ts';
import { runningNames } from '../operate/running.ts';
import { readService, serviceClients } from '../operate/scale/service.ts';
import { onWorkflows, settingsFile } from './hooks.ts';
import { type ServedCommand, serveCommand } from './in-process.ts';
import type { Event, Run as WorkflowRun } from './world.ts';

const event: Event = { name: 'workflow_dispatch', inputs: { environment: 'prod' } };

const pace = ['--bakes', '0,0.2,0', '--pace', 'poll=0.2,settle=0,twice=0,period=1,hold=0'];

/**
 * The first time the command comes to a bake at 50 percent, it is a process of its own, and is killed in the bake.
 * https://www.gnu.org/software/bash/manual/bash.html: 137 is what a shell makes of SIGKILL.
 * @param otherwise how it is run at other times
 */
const killedAtFifty = (aws: string, smoke: string, otherwise: string): string => `
if [[ " $* " == *" --until 50 "* && ! -f "$STAND_INS/killed" ]]; then
  touch "$STAND_INS/killed"
  AWS_ENDPOINT_URL=${aws} "$REAL_NODE" "$ROOT/scripts/cutover.ts" "$@" --url ${smoke} 2> "$STAND_INS/said" &
  until grep -q 'baking(50)' "$STAND_INS/said"; do sleep 0.1; done
  kill -9 $!
  wait $!
  exit 137
fi
${otherwise}
`;

/** What `npm run environments` says of prod. */
const listed = (cutover: string): string =>
  `echo '${JSON.stringify([{ label: 'prod', repository: 'example/countersign', container: 'countersign', cutover, holds: false }])}'`;
const logOf = ({ jobs }: WorkflowRun): string => [...jobs.values()].map(({ log }) => log).join('\n');

describe('the workflow of a cutover, with the command itself', () => {
  const standIn = onStandIn('prod');
  const { github, run, answer } = onWorkflows();
  let deployment: Deployment;
  let balanced: Balanced;
  let server: Awaited<ReturnType<typeof serveManners>>;
  let served: ServedCommand;

  beforeEach(async () => {
    const { deployments } = await openOperated(standIn.hostWith(), { environment: 'prod' });
    const [first] = deployments;
    if (first === undefined) throw new Error('no region');
    deployment = first;
    balanced = await deployColours(deployment);
    server = await serveManners({ ...goodManners(`${publicUrlOf(deployment)}/mcp`), version: '0.1.0' });
    served = await serveCommand((args, out) => {
      const given = [...args, '--url', server.url, ...(args.at(-1) === 'start' ? pace : [])];
      const { signal: stop } = new AbortController();
      return standIn.run(cutover, given, { env: { ...process.env, ENVIRONMENT: 'prod' }, out, stop });
    });
    await answer('cutover', killedAtFifty(standIn.url(), server.url, served.bash));
    await answer('environments', listed('colours'));
  });
  afterEach(async () => {
    served.close();
    await server.close();
  });

  it('goes on where it was killed at 50 percent, finishes, and settles it in one commit', async () => {
    const killed = await run('cutover.yml', event);
    expect([...killed.jobs].map(([name, { result }]) => `${name} ${result}`)).toEqual([
      'look success',
      'warm / step success',
      'shift-10 / step success',
      'shift-50 / step failure',
      'shift-100 skipped',
      'finish skipped',
      'settle skipped',
      'again skipped',
    ]);
    expect(await balanced.weights()).toEqual({ blue: 50, green: 50 });
    expect((await openStore(deployment).read())?.run).toMatchObject({ state: 'baking', share: 50 });

    const ended = await run('cutover.yml', event);
    expect([ended.result, logOf(ended)]).toEqual(['success', expect.any(String)]);
    expect(await balanced.weights()).toEqual({ blue: 0, green: 100 });
    expect((await openStore(deployment).read())?.run).toMatchObject({ state: 'finished' });
    const { cluster, services } = runningNames(deployment);
    const count = async (colour: string) =>
      (await readService(serviceClients(deployment.region), cluster, services[colour] ?? ''))?.desired;
    expect([await count('blue'), await count('green')]).toEqual([0, 2]);
    expect(github().file(settingsFile)).toMatch(/^active_colour += "green"/m);
    expect(github().pulls).toMatchObject([{ merged: true }]);
  }, 180_000);
});

/** Another environment's settings as those of prod, whose name the workflows know. */
describe.each([
  { moves: 'instances', environment: 'examples/startup/staging', more: 'instance_cutover = true' },
  { moves: 'versions', environment: 'examples/startup/prod', more: 'lambda_cutover = true' },
] as const)('the workflows of a cutover of $moves, with the command itself', ({ moves, environment, more }) => {
  const standIn = onStandIn(environment);
  const { run, answer, reviewers, called } = onWorkflows();
  let root: string;
  let deployment: Deployment;
  let closers: (() => unknown)[];
  /** Where calls are led, as text. */
  let led: () => Promise<string>;

  /** @returns what the smoke test is called with besides */
  const deployed = async (): Promise<readonly string[]> => {
    const server = await serveManners({
      ...goodManners(`${publicUrlOf(deployment)}/mcp`),
      version: '0.1.0',
      colour: undefined,
    });
    closers.push(() => server.close());
    if (moves === 'instances') {
      const image = (tag: string) => `111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:${tag}`;
      const instances = await deployInstances(deployment, [image('v0.0.9'), image('v0.1.0')]);
      led = async () => (await instances.versions()).join();
      return ['--url', server.url];
    }
    const invoke = (_: string, given: unknown) => answerEvent(server.url, HttpApiEvent.parse(given));
    const lambda = await serveLambda({ behind: standIn.url, invoke });
    process.env.AWS_ENDPOINT_URL_LAMBDA = lambda.url;
    closers.push(() => lambda.close());
    await deployFunction(deployment);
    led = async () => JSON.stringify(await aliasOf(deployment));
    return [];
  };

  beforeEach(async () => {
    closers = [];
    root = await mkdtemp(join(tmpdir(), 'countersign-moves-'));
    await mkdir(join(root, 'environments'));
    const settings = await readFile(join(repository, `environments/${environment}.tfvars`), 'utf8');
    await writeFile(join(root, 'environments/prod.tfvars'), `${settings}\n${more}\n`);
    const [first] = (await openOperated(standIn.hostWith({ root }), { environment: 'prod' })).deployments;
    if (first === undefined) throw new Error('no region');
    deployment = first;
    const smoke = await deployed();
    const quick = ['--bakes', '0,0,0', '--pace', 'poll=0.1,settle=0,twice=0,period=1,hold=0'];
    const served = await serveCommand((args, out) => {
      const given = [...args, ...(args.at(-1) === 'status' ? [] : smoke), ...(args.at(-1) === 'start' ? quick : [])];
      const env = { ...process.env, ENVIRONMENT: 'prod' };
      const { signal: stop } = new AbortController();
      return standIn.run(cutover, given, { root, env, out, stop });
    });
    closers.push(() => served.close());
    await answer('cutover', served.bash);
    await answer('environments', listed(moves));
  });
  afterEach(async () => {
    delete process.env.AWS_ENDPOINT_URL_LAMBDA;
    for (const close of closers) await close();
    await rm(root, { recursive: true });
  });

  it('go back by the workflow rollback from where nobody approved further, and begin again to the end', async () => {
    const [before, shared, after] = {
      instances: ['1,1,1,1', '1,1,1,2', '2,2,2,2'],
      versions: ['["1",{}]', '["1",{"2":0.1}]', '["2",{}]'],
    }[moves];
    expect(await led()).toBe(before);
    reviewers((_, job) => !job.startsWith('shift-50'));
    expect((await run('cutover.yml', event)).result).toBe('failure');
    expect(await led()).toBe(shared);
    reviewers(() => true);
    const back = await run('rollback.yml', event);
    expect([back.result, logOf(back)]).toEqual(['success', expect.any(String)]);
    expect(await led()).toBe(before);
    expect((await openStore(deployment).read())?.run.state).toBe('rolled-back');
    const ended = await run('cutover.yml', event);
    expect([ended.result, logOf(ended)]).toEqual(['success', expect.any(String)]);
    expect(await led()).toBe(after);
    expect((await openStore(deployment).read())?.run).toMatchObject({ state: 'finished', share: 100 });
    expect(await called('migrate')).toEqual([]);
  }, 180_000);
});
