/** A load balancer without stickiness: each request goes to the next task. */
import { once } from 'node:events';
import {
  request as ask,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { freePort } from '../servers/server.ts';

export interface Balancer {
  /** Origin that people and clients know. */
  readonly url: string;
  /** Origins of the tasks, in turn. Set them before the first request. */
  readonly tasks: string[];
  /** Requests each task was given. */
  readonly served: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export interface PassOptions {
  /** In place of the request's own. */
  readonly headers?: IncomingHttpHeaders;
  /** What the answer's headers become. Default: they stay. */
  readonly answered?: (rawHeaders: readonly string[]) => string[];
}

/** Sends a request on to an origin, and its answer back as it comes. */
export const passOn = (
  origin: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { headers = incoming.headers, answered = (raw) => [...raw] }: PassOptions = {},
): void => {
  const { hostname, port } = new URL(origin);
  const { method, url: path } = incoming;
  const onward = ask({ hostname, port, method, path, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answered(answer.rawHeaders));
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
};

/** How the balancer finds out which tasks to leave out. */
export interface HealthCheck {
  readonly intervalMs: number;
  /** Failed checks in a row after which a task is left out; one that succeeds takes it in again. */
  readonly unhealthy: number;
}

/** Asks each task's /ready by turns. Answers whether a task may be given requests. */
const watch = (tasks: readonly string[], { intervalMs, unhealthy }: HealthCheck) => {
  const failures = new Map<string, number>();
  const check = async (task: string) => {
    const ok = await fetch(`${task}/ready`, { signal: AbortSignal.timeout(intervalMs) }).then(
      (answer) => answer.ok,
      () => false,
    );
    failures.set(task, ok ? 0 : (failures.get(task) ?? 0) + 1);
  };
  const timer = setInterval(() => void Promise.all(tasks.map(check)), intervalMs);
  return { isHealthy: (task: string) => (failures.get(task) ?? 0) < unhealthy, stop: () => clearInterval(timer) };
};

/** @param health default: every task is given requests, whatever it answers */
export const startBalancer = async (health?: HealthCheck): Promise<Balancer> => {
  const port = await freePort();
  const tasks: string[] = [];
  const served: Record<string, number> = {};
  const checks = health && watch(tasks, health);
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const healthy = tasks.filter((task) => checks?.isHealthy(task) ?? true);
    const task = healthy[turn++ % healthy.length] ?? '';
    served[task] = (served[task] ?? 0) + 1;
    passOn(task, incoming, outgoing);
  }).listen(port, 'localhost');
  // A client that takes a connection up again just as it is closed would see it reset; no idle one is closed here.
  server.keepAliveTimeout = 600_000;
  await once(server, 'listening');
  return {
    url: `http://localhost:${port}`,
    tasks,
    served,
    stop: async () => {
      checks?.stop();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
