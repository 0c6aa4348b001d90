/** What `npm run doctor` says of an environment that stands on a stand-in, with the real service behind its public name. */
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { repository } from '../../modules/testing/synthesized.ts';
import { checks } from '../../scripts/operate/health/checks/all.ts';
import { examine, type Finding } from '../../scripts/operate/health/examine.ts';
import { type Network, openNetwork } from '../../scripts/operate/health/network.ts';
import { openOperated } from '../../scripts/operate/operated.ts';
import { selfSigned } from '../../service/test/rigs/self-signed.ts';
import { startService } from '../../service/test/rigs/service.ts';
import type { Standing } from './emulated.ts';

const host = { root: repository, env: {}, out: () => {}, err: () => {}, ask: undefined };
const timeoutMs = 60_000;
const QUARTER = 90 * 86_400_000;

/** A balancer's part: TLS for a name, and each request handed on. */
const frontOf = async (name: string, service: string) => {
  const { key, cert } = selfSigned(name);
  const server = createServer({ key, cert }, (incoming, answer) => {
    const { method, headers, url = '/' } = incoming;
    const handed = request(new URL(url, service), { method, headers }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers);
      told.pipe(answer);
    });
    incoming.pipe(handed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return { cert, port: address.port, close: () => server.close() };
};

export const examineStanding = async (environment: string, { emulator }: Standing): Promise<readonly Finding[]> => {
  // The doctor takes the credentials of its shell; a stand-in checks none.
  process.env.AWS_ACCESS_KEY_ID ??= 'emulator';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'emulator';
  const operated = await openOperated(host, { environment });
  const name = operated.settings.domain_name ?? '';
  const service = await startService({ publicUrl: `https://${name}` });
  const front = await frontOf(name, service.url);
  const route = () => ({ host: '127.0.0.1', port: front.port });
  const reached = openNetwork({ timeoutMs, route, ca: front.cert });
  const network: Network = {
    ...reached,
    resolve: async () => ['127.0.0.1'],
    // The certificate of a test is valid for hours.
    handshake: async (to, at) => ({ ...(await reached.handshake(to, at)), validTo: new Date(Date.now() + QUARTER) }),
  };
  try {
    return await examine(operated, { checks, network, now: new Date(), timeoutMs, standIn: emulator.url });
  } finally {
    front.close();
    await service.stop();
  }
};
