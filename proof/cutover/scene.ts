/** Everything that a cutover is tried on: a store, an emulated AWS with traffic, and two versions of the service. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Deployment } from '../../modules/stacks/deployment.ts';
import { standInKeys } from '../../modules/stacks/target.ts';
import { type EcsAgent, startAgent } from '../../scripts/emulator/agent/agent.ts';
import { type Emulator, startEmulator } from '../../scripts/emulator/moto.ts';
import { type DataPlane, startDataPlane } from '../../scripts/emulator/traffic/data-plane.ts';
import { freePort } from '../../service/test/servers/server.ts';
import { type Colour, type Estate, makeEstate } from './estate.ts';
import type { SharedStore } from './stores.ts';
import { openTasks, type Tasks } from './tasks.ts';
import type { VersionName } from './versions.ts';

export interface SceneOptions {
  readonly deployment: Deployment;
  readonly store: SharedStore;
  /** Which version each colour runs. */
  readonly versions: Readonly<Record<Colour, VersionName>>;
  readonly previewSecret: string;
  /** How many tasks a colour in service has. Default: 2. */
  readonly desired?: number;
}

export interface Scene extends Pick<Tasks, 'runs' | 'serveOnFor'> {
  readonly emulator: Emulator;
  readonly estate: Estate;
  readonly dataPlane: DataPlane;
  readonly agent: EcsAgent;
  /** Variables of the tasks that `audit:verify` needs too. */
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves once so many targets of a colour are healthy, and no other is registered. */
  healthy(colour: Colour, count: number): Promise<void>;
  /** Resolves once every task of a colour has ended. */
  gone(colour: Colour): Promise<void>;
  stop(): Promise<void>;
}

/** How long a second of the load balancer's settings takes here, in milliseconds. */
const SECOND_MS = 100;
/** Milliseconds between two looks at what the emulator's API says. */
const POLL_MS = 400;

const waitFor = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(200)) if (await isSo()) return;
  throw new Error(`${what}: not within a minute`);
};

const statesIn = async (client: ElasticLoadBalancingV2Client, TargetGroupArn: string): Promise<string[]> => {
  const { TargetHealthDescriptions = [] } = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State ?? '');
};

/** What can be waited for. */
const waits = (client: ElasticLoadBalancingV2Client, { groups, services }: Estate, agent: EcsAgent) => ({
  healthy: (colour: Colour, count: number): Promise<void> =>
    waitFor(`${count} healthy targets of ${colour}`, async () => {
      const dead = agent.tasksOf(services[colour]).find(({ ended, stopping }) => ended && !stopping);
      if (dead !== undefined) throw new Error(`a task of ${colour} ended by itself:\n${dead.said}`);
      const states = await statesIn(client, groups[colour]);
      return states.length === count && states.every((state) => state === 'healthy');
    }),
  gone: (colour: Colour): Promise<void> =>
    waitFor(`the end of ${colour}`, async () => agent.tasksOf(services[colour]).every(({ ended }) => ended)),
});

type Closers = (() => Promise<unknown>)[];

/** @param closers get what ends each part, the last one first */
const open = async (options: SceneOptions, folder: string, closers: Closers): Promise<Omit<Scene, 'stop'>> => {
  const { deployment, store, versions, previewSecret, desired = 2 } = options;
  const { region, settings } = deployment;
  const emulator = await startEmulator([settings], { ...process.env, EMULATOR_TRAFFIC: folder });
  closers.unshift(() => emulator.stop());
  const { url: endpoint } = emulator;
  const [port, containerPort] = [await freePort(), await freePort()];
  const estate = await makeEstate({ endpoint, deployment, port: containerPort, desired, previewSecret });
  const { cluster, services, loadBalancer } = estate;
  const environment = {
    ...store.environment,
    ENCRYPTION_KEY: randomBytes(48).toString('base64'),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATA_DIR: folder,
  };
  const traffic = { endpoint, region, folder, pollMs: POLL_MS };
  const pace = { secondMs: SECOND_MS, reportMs: 1000 };
  const dataPlane = await startDataPlane({ ...traffic, ...pace, loadBalancer, port });
  closers.unshift(() => dataPlane.stop());
  const { programOf, oneOffOf, runs, serveOnFor } = openTasks({ services, versions, environment });
  const agent = await startAgent({ ...traffic, cluster, services: Object.values(services), programOf, oneOffOf });
  closers.unshift(() => agent.stop());
  const credentials = { accessKeyId: standInKeys.accessKey, secretAccessKey: standInKeys.secretKey };
  const client = new ElasticLoadBalancingV2Client({ endpoint, region, credentials });
  closers.unshift(async () => client.destroy());
  const { healthy, gone } = waits(client, estate, agent);
  await healthy('blue', desired);
  return { emulator, estate, dataPlane, agent, environment, runs, serveOnFor, healthy, gone };
};

/** Starts everything, blue in service and green idle. @throws with a task's own words where one does not come up */
export const openScene = async (options: SceneOptions): Promise<Scene> => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-cutover-'));
  const closers: Closers = [() => rm(folder, { recursive: true })];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0)) await close();
  };
  try {
    return { ...(await open(options, folder, closers)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
