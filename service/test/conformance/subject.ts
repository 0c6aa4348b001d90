/** What the suites are run against: the whole service with the fixture surface, and a way in for suites without tokens. */
import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Browser } from '../rigs/browser.ts';
import { OAuthClient } from '../rigs/oauth-client.ts';
import { startService } from '../rigs/service.ts';
import { fixtureSurface } from './fixture-catalogue.ts';

export interface Subject {
  /** The service itself; its issuer and its resource are real. */
  readonly url: string;
  /** The same, where every request gets a person's access token on the way. The suites cannot sign in. */
  readonly openUrl: string;
  stop(): Promise<void>;
}

/** Adds the token and changes nothing else: Host and Origin stay what the suite sent, for the service to judge. */
const addToken = async (target: string, token: string) => {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${token}` };
    const onward = forward(
      { hostname, port, path: incoming.url, method: incoming.method, headers, setHost: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        // The headers of a stream that says nothing yet are an answer too.
        outgoing.flushHeaders();
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}` };
};

export const startSubject = async (): Promise<Subject> => {
  const service = await startService({
    environment: { LOG_LEVEL: 'warn' },
    overrides: { surface: (_own, requestState) => fixtureSurface(requestState) },
  });
  const client = await OAuthClient.registered(service.url);
  const { access_token: token } = await client.connect(new Browser(), 'ana');
  const open = await addToken(service.url, token);
  return {
    url: service.url,
    openUrl: open.url,
    stop: async () => {
      open.server.close();
      open.server.closeAllConnections();
      await service.stop();
    },
  };
};
