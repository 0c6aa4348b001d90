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

export const startBalancer = async (): Promise<Balancer> => {
  const port = await freePort();
  const tasks: string[] = [];
  const served: Record<string, number> = {};
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const task = tasks[turn++ % tasks.length] ?? '';
    served[task] = (served[task] ?? 0) + 1;
    passOn(task, incoming, outgoing);
  }).listen(port, 'localhost');
  await once(server, 'listening');
  return {
    url: `http://localhost:${port}`,
    tasks,
    served,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
