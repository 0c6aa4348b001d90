/** The Prometheus endpoint, on a listener of its own so that no route of the service ever shows it to the public. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface MetricsServerParts {
  readonly host: string;
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** The text exposition of all metrics. */
  readonly prometheus: () => Promise<string>;
}

export interface MetricsServer {
  /** The port it listens on. */
  readonly port: number;
  close(): Promise<void>;
}

/** Resolves once it listens. @throws the listener's error, such as EADDRINUSE */
export const openMetricsServer = async ({ host, port, prometheus }: MetricsServerParts): Promise<MetricsServer> => {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?', 1)[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    prometheus().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
