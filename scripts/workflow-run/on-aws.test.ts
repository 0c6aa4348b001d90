/** A cutover from end to end: the workflow's lines, the real command, and moto in place of AWS. */
import type { Deployment } from '../../modules/stacks/deployment.ts';
import { publicUrlOf } from '../../modules/stacks/hosts.ts';
import { type Balanced, deployColours } from '../operate/cutover/fargate/rig.ts';
import { goodManners, serveManners } from '../operate/cutover/smoke/server.ts';
import { openStore } from '../operate/cutover/store.ts';
import { onStandIn } from '../operate/on-stand-in.ts';
import { openOperated } from '../operate/operated.ts';
import { runningNames } from '../operate/running.ts';
import { readService, serviceClients } from '../operate/scale/service.ts';
import { onWorkflows, settingsFile } from './hooks.ts';
import type { Event } from './world.ts';

const event: Event = { name: 'workflow_dispatch', inputs: { environment: 'prod' } };

/**
 * The command with a pace for tests. The first time it comes to a bake at 50 percent, that is long, and it is killed in it.
 * https://www.gnu.org/software/bash/manual/bash.html: 137 is what a shell makes of SIGKILL.
 */
const killedAtFifty = (aws: string, smoke: string): string => `
export AWS_ENDPOINT_URL=${aws}
command=("$REAL_NODE" "$ROOT/scripts/cutover.ts" "$@" --url ${smoke})
case " $* " in *" start "*) command+=(--bakes 0,0.2,0 --pace poll=0.2,settle=0,twice=0,period=1,hold=0) ;; esac
if [[ " $* " == *" --until 50 "* && ! -f "$STAND_INS/killed" ]]; then
  touch "$STAND_INS/killed"
  "\${command[@]}" 2> "$STAND_INS/said" &
  until grep -q 'baking(50)' "$STAND_INS/said"; do sleep 0.1; done
  kill -9 $!
  wait $!
  exit 137
fi
exec "\${command[@]}"
`;

describe('the workflow of a cutover, with the command itself', () => {
  const standIn = onStandIn('prod');
  const { github, run, answer } = onWorkflows();
  let deployment: Deployment;
  let balanced: Balanced;
  let server: Awaited<ReturnType<typeof serveManners>>;

  beforeEach(async () => {
    const { deployments } = await openOperated(standIn.hostWith(), { environment: 'prod' });
    const [first] = deployments;
    if (first === undefined) throw new Error('no region');
    deployment = first;
    balanced = await deployColours(deployment);
    server = await serveManners({ ...goodManners(`${publicUrlOf(deployment)}/mcp`), version: '0.1.0' });
    await answer('cutover', killedAtFifty(standIn.url(), server.url));
    const listed = [
      { label: 'prod', repository: 'example/countersign', container: 'countersign', cutover: 'colours', holds: false },
    ];
    await answer('environments', `echo '${JSON.stringify(listed)}'`);
  });
  afterEach(() => server.close());

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

    const { result, jobs } = await run('cutover.yml', event);
    expect([result, [...jobs.values()].map(({ log }) => log).join('\n')]).toEqual(['success', expect.any(String)]);
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
