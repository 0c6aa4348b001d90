/**
 * A stand-in for the part of an Application Load Balancer that moves requests: it listens, and does what the emulator's
 * own rules, weights and registrations say. See docs/emulator.md for what it leaves out.
 */
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type Action, ElasticLoadBalancingV2Client, type Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { standInKeys } from '../../../modules/stacks/target.ts';
import { type Seen, watching } from './cloud.ts';
import { forward, ownAnswer } from './forward.ts';
import { Group } from './group.ts';
import { type Measures, openMeasures } from './measures.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { actionFor, groupByWeight, groupsOf } from './routing.ts';
import { written } from './written.ts';

export interface DataPlaneOptions {
  /** Where the emulator's API listens. */
  readonly endpoint: string;
  readonly region: string;
  /** ARN. */
  readonly loadBalancer: string;
  /** Folder the emulator reads the targets' states from: its EMULATOR_TRAFFIC. */
  readonly folder: string;
  /** Port to listen on, at 127.0.0.1. */
  readonly port: number;
  /** How long a second of the groups' settings takes here, in milliseconds. Default: 1000. */
  readonly secondMs?: number;
  /** Milliseconds between two looks at rules and targets. Default: 300. */
  readonly pollMs?: number;
  /** Milliseconds between two reports to CloudWatch. Default: 60000, as on AWS. */
  readonly reportMs?: number;
}

export interface DataPlane extends Pick<Measures, 'counts' | 'own'> {
  readonly url: string;
  /** Weight of each target group, by ARN, in the rule of a priority; as it is in effect. */
  weights(priority: number): Readonly<Record<string, number>>;
  /** Resolves once what the API says now is in effect. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

class Traffic {
  readonly groups = new Map<string, Group>();
  rules: readonly Rule[] = [];
  readonly measures: Measures;
  readonly #options: DataPlaneOptions;
  readonly write: () => Promise<void>;

  constructor(options: DataPlaneOptions, measures: Measures) {
    this.#options = options;
    this.measures = measures;
    this.write = oneAtATime(() =>
      written(
        options.folder,
        'targets.json',
        Object.fromEntries([...this.groups].map(([arn, group]) => [arn, group.states()])),
      ),
    );
  }

  follow({ rules, groups }: Seen): void {
    this.rules = rules;
    for (const seen of groups) {
      const { secondMs = 1000 } = this.#options;
      const group = this.groups.get(seen.arn) ?? new Group(seen, secondMs, () => void this.write().catch(() => {}));
      this.groups.set(seen.arn, group);
      group.follow(seen);
    }
  }

  serve(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const action = actionFor(this.rules, incoming);
    if (action?.Type === 'fixed-response') {
      fixed(action, outgoing);
      return;
    }
    const arn = action === undefined ? undefined : groupByWeight(groupsOf(action), Math.random());
    const target = arn === undefined ? undefined : this.groups.get(arn)?.pick(Math.random());
    if (target === undefined) {
      this.measures.note(arn, { by: 'balancer', status: 503, took: 0 });
      ownAnswer(outgoing, 503);
      return;
    }
    forward(target, incoming, outgoing, (passed) => this.measures.note(arn, passed));
  }

  hosts(): Readonly<Record<string, readonly [number, number]>> {
    return Object.fromEntries(
      [...this.groups].map(([arn, group]) => [arn, [group.count('healthy'), group.count('unhealthy')]]),
    );
  }
}

const fixed = ({ FixedResponseConfig: answer }: Action, outgoing: ServerResponse): void => {
  outgoing.writeHead(Number(answer?.StatusCode ?? 503), { 'content-type': answer?.ContentType ?? 'text/plain' });
  outgoing.end(answer?.MessageBody ?? '');
};

const keys = { accessKeyId: standInKeys.accessKey, secretAccessKey: standInKeys.secretKey };

/** Starts it. @throws when the load balancer does not exist, or has no listener that serves */
export const startDataPlane = async (options: DataPlaneOptions): Promise<DataPlane> => {
  const { endpoint, region, loadBalancer, folder, port, pollMs = 300, reportMs = 60_000 } = options;
  const client = new ElasticLoadBalancingV2Client({ endpoint, region, credentials: keys });
  const cloudWatch = new CloudWatchClient({ endpoint, region, credentials: keys });
  const traffic = new Traffic(options, openMeasures(cloudWatch, loadBalancer));
  const look = watching(client, loadBalancer);
  await mkdir(folder, { recursive: true });
  const follow = oneAtATime(async () => {
    traffic.follow(await look());
    await traffic.write();
  });
  await follow();
  // The emulator may be busy for a moment; what was known last stays in effect, as with the real one.
  const poll = setInterval(() => void follow().catch(() => {}), pollMs);
  const report = setInterval(() => void traffic.measures.publish(traffic.hosts()).catch(() => {}), reportMs);
  const server = createServer((incoming, outgoing) => traffic.serve(incoming, outgoing)).listen(port, '127.0.0.1');
  server.keepAliveTimeout = 600_000;
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${port}`,
    counts: () => traffic.measures.counts(),
    own: () => traffic.measures.own(),
    weights: (priority) => {
      const action = traffic.rules.find(({ Priority }) => Priority === String(priority))?.Actions?.at(-1);
      const groups = action === undefined ? [] : groupsOf(action);
      return Object.fromEntries(groups.map(({ TargetGroupArn = '', Weight = 1 }) => [TargetGroupArn, Weight]));
    },
    settled: follow,
    stop: async () => {
      clearInterval(poll);
      clearInterval(report);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await follow().catch(() => {});
      for (const group of traffic.groups.values()) group.close();
      client.destroy();
      cloudWatch.destroy();
    },
  };
};
