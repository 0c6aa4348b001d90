/** A load balancer without stickiness: each request goes to the next task. */
import { once } from 'node:events';
import { request as ask, createServer } from 'node:http';
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

export const startBalancer = async (): Promise<Balancer> => {
  const port = await freePort();
  const tasks: string[] = [];
  const served: Record<string, number> = {};
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const task = tasks[turn++ % tasks.length] ?? '';
    served[task] = (served[task] ?? 0) + 1;
    const { hostname, port } = new URL(task);
    const { method, url: path, headers } = incoming;
    const onward = ask({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
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
