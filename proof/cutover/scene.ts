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
import type { Place, Program } from '../../scripts/emulator/agent/task.ts';
import { type Emulator, startEmulator } from '../../scripts/emulator/moto.ts';
import { type DataPlane, startDataPlane } from '../../scripts/emulator/traffic/data-plane.ts';
import { bare } from '../../service/test/servers/bare.ts';
import { freePort } from '../../service/test/servers/server.ts';
import { type Colour, type Estate, makeEstate } from './estate.ts';
import type { SharedStore } from './stores.ts';
import { programOfVersion, type VersionName } from './versions.ts';

export interface SceneOptions {
  readonly deployment: Deployment;
  readonly store: SharedStore;
  /** Which version each colour runs. */
  readonly versions: Readonly<Record<Colour, VersionName>>;
  readonly previewSecret: string;
  /** How many tasks a colour in service has. Default: 2. */
  readonly desired?: number;
}

export interface Scene {
  readonly emulator: Emulator;
  readonly estate: Estate;
  readonly dataPlane: DataPlane;
  readonly agent: EcsAgent;
  /** Variables of the tasks that `audit:verify` needs too. */
  readonly environment: Readonly<Record<string, string>>;
  /** Which version a task of the colour that is started from now on runs. */
  runs(colour: Colour, version: VersionName): void;
  /** Seconds for which a task that is started from now on serves on after SIGTERM. */
  serveOnFor(seconds: number): void;
  /** Resolves once so many targets of a colour are healthy, and no other is registered. */
  healthy(colour: Colour, count: number): Promise<void>;
  /** Resolves once every task of a colour has ended. */
  gone(colour: Colour): Promise<void>;
  stop(): Promise<void>;
}

/** How long a second of the load balancer's settings takes here, in milliseconds. */
const SECOND_MS = 100;

/** A test asks much in little time, always as the same few people from one address. */
const patience = {
  APPROVE_ON_PAGE_ONLY: 'false',
  DECISIONS_PER_MINUTE: '1000',
  BUDGET_CALLS_PER_HOUR: '1000000',
  LOOP_CALLS: '1000000',
  RATE_LIMIT_PER_MINUTE: '1000000',
  CLIENT_REGISTRATIONS_PER_HOUR: '1000',
};

const waitFor = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(200)) if (await isSo()) return;
  throw new Error(`${what}: not within a minute`);
};

const healthyIn = async (client: ElasticLoadBalancingV2Client, TargetGroupArn: string): Promise<string> => {
  const { TargetHealthDescriptions = [] } = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State ?? '').join();
};

export const openScene = async (options: SceneOptions): Promise<Scene> => {
  const { deployment, store, versions, previewSecret, desired = 2 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'countersign-cutover-'));
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true })];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0)) await close();
  };
  try {
    const emulator = await startEmulator([deployment.settings], { ...process.env, EMULATOR_TRAFFIC: folder });
    closers.unshift(() => emulator.stop());
    const { url: endpoint } = emulator;
    const { region } = deployment;
    const [port, containerPort] = [await freePort(), await freePort()];
    const estate = await makeEstate({
      endpoint,
      deployment,
      port: containerPort,
      desired,
      previewSecret,
    });
    const environment = {
      ...store.environment,
      ENCRYPTION_KEY: randomBytes(48).toString('base64'),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    };
    let delaySeconds = 1;
    const programs = { ...versions };
    const programOf = async (colour: Colour, { address, port }: Place): Promise<Program> => ({
      args: ['--disable-warning=ExperimentalWarning', await programOfVersion(programs[colour])],
      env: {
        ...bare(),
        ...patience,
        ...environment,
        DATA_DIR: folder,
        DEPLOYMENT_COLOUR: colour,
        HOST: address,
        PORT: String(port),
        SHUTDOWN_DELAY_SECONDS: String(delaySeconds),
      },
    });
    const dataPlane = await startDataPlane({
      endpoint,
      region,
      loadBalancer: estate.loadBalancer,
      folder,
      port,
      secondMs: SECOND_MS,
      reportMs: 1000,
    });
    closers.unshift(() => dataPlane.stop());
    const agent = await startAgent({
      endpoint,
      region,
      cluster: estate.cluster,
      services: Object.values(estate.services),
      folder,
      programOf: ({ serviceName }, place) => programOf(serviceName === estate.services.green ? 'green' : 'blue', place),
    });
    closers.unshift(() => agent.stop());
    const credentials = { accessKeyId: standInKeys.accessKey, secretAccessKey: standInKeys.secretKey };
    const client = new ElasticLoadBalancingV2Client({ endpoint, region, credentials });
    closers.unshift(async () => client.destroy());
    const healthy = (colour: Colour, count: number): Promise<void> =>
      waitFor(`${count} healthy targets of ${colour}`, async () => {
        const dead = agent.tasksOf(estate.services[colour]).find(({ ended, stopping }) => ended && !stopping);
        if (dead !== undefined) throw new Error(`a task of ${colour} ended by itself:\n${dead.said}`);
        return (
          (await healthyIn(client, estate.groups[colour])) === Array.from({ length: count }, () => 'healthy').join()
        );
      });
    await healthy('blue', desired);
    const gone = (colour: Colour): Promise<void> =>
      waitFor(`the end of ${colour}`, async () => agent.tasksOf(estate.services[colour]).every(({ ended }) => ended));
    const serveOnFor = (seconds: number): void => {
      delaySeconds = seconds;
    };
    const runs = (colour: Colour, version: VersionName): void => {
      programs[colour] = version;
    };
    return { emulator, estate, dataPlane, agent, environment, runs, serveOnFor, healthy, gone, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
