/**
 * A stand-in for ECS: turns the desired counts of the emulator's services into processes on addresses of this machine,
 * registers them as targets, and takes them away as ECS does.
 */
import { DescribeServicesCommand, ECSClient, type Service } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { standInKeys } from '../../../modules/stacks/target.ts';
import { oneAtATime } from '../traffic/one-at-a-time.ts';
import { written } from '../traffic/written.ts';
import { loopbackAddresses } from './addresses.ts';
import { type OneOff, type OneOffProgram, OneOffs } from './one-off.ts';
import { RunningService } from './service.ts';
import type { Place, Program, StopOrder, Task } from './task.ts';

export interface AgentOptions {
  /** Where the emulator's API listens. */
  readonly endpoint: string;
  readonly region: string;
  readonly cluster: string;
  /** Names. */
  readonly services: readonly string[];
  /** Folder the emulator reads the running counts from: its EMULATOR_TRAFFIC. */
  readonly folder: string;
  /** What runs in place of a task of the service. */
  readonly programOf: (service: Service, place: Place) => Promise<Program>;
  /** What runs in place of a task of RunTask. */
  readonly oneOffOf: OneOffProgram;
  /** Milliseconds between two looks at the services. Default: 300. */
  readonly pollMs?: number;
  /** Milliseconds between SIGTERM and SIGKILL. Default: 120000, the most that Fargate allows. */
  readonly stopTimeoutMs?: number;
}

export interface EcsAgent {
  /** Every task that a service ever had. */
  tasksOf(service: string): readonly Task[];
  /** Every task that RunTask started. */
  oneOffs(): readonly OneOff[];
  /** How tasks are stopped from now on. Default: drain-first. */
  stopBy(order: StopOrder): void;
  /** Ends what still runs, without grace. */
  stop(): Promise<void>;
}

export const startAgent = async (options: AgentOptions): Promise<EcsAgent> => {
  const { endpoint, region, cluster, folder, pollMs = 300, stopTimeoutMs = 120_000, programOf } = options;
  const credentials = { accessKeyId: standInKeys.accessKey, secretAccessKey: standInKeys.secretKey };
  const ecs = new ECSClient({ endpoint, region, credentials });
  const client = new ElasticLoadBalancingV2Client({ endpoint, region, credentials });
  let order: StopOrder = 'drain-first';
  const parts = {
    client,
    times: { stopTimeoutMs, pollMs },
    address: loopbackAddresses(),
    programOf,
    order: () => order,
  };
  const oneOffs = new OneOffs(options.oneOffOf);
  const running = new Map(options.services.map((name) => [name, new RunningService(parts)]));
  const follow = oneAtATime(async () => {
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [...options.services] }));
    await Promise.all(services.map((service) => running.get(service.serviceName ?? '')?.follow(service)));
    const counts = services.map(({ serviceArn = '', serviceName = '' }) => {
      const tasks = running.get(serviceName);
      return [serviceArn, { running: tasks?.running ?? 0, failed: tasks?.failed ?? 0 }] as const;
    });
    await written(folder, 'services.json', Object.fromEntries(counts));
    await oneOffs.follow(ecs, cluster);
    await written(folder, 'tasks.json', oneOffs.codes);
  });
  await follow();
  const poll = setInterval(() => void follow().catch(() => {}), pollMs);
  return {
    tasksOf: (service) => running.get(service)?.history ?? [],
    oneOffs: () => oneOffs.all,
    stopBy: (wanted) => {
      order = wanted;
    },
    stop: async () => {
      clearInterval(poll);
      await follow().catch(() => {});
      for (const service of running.values()) await service.stop();
      oneOffs.stop();
      ecs.destroy();
      client.destroy();
    },
  };
};
