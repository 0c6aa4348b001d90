/**
 * A stand-in for the internet: names with certificates of their own, reached through a proxy of this machine, so that
 * the service and its clients may call each other what the stack calls them.
 */

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import {
  createServer as createProxy,
  type IncomingMessage,
  type ServerResponse,
  setGlobalProxyFromEnv,
} from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { createSecureContext, getCACertificates, type SecureContext, setDefaultCACertificates } from 'node:tls';
import { selfSigned } from '../../../service/test/rigs/self-signed.ts';
import type { Loopback } from './overrides.ts';

export type Answerer = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

export interface Internet {
  /** From now on this host is answered so. Processes started before do not know its certificate. */
  put(host: string, answerer: Answerer): Promise<void>;
  /** For a process that shall find these names. */
  readonly variables: Loopback['internet'];
  stop(): Promise<void>;
}

/** @param caFile where the certificates are kept */
export const openInternet = async (caFile: string): Promise<Internet> => {
  const answerers = new Map<string, Answerer>();
  const contexts = new Map<string, SecureContext>();
  const certificates: string[] = [];
  const trusted = getCACertificates('default');

  const servers = createServer(
    {
      SNICallback: (name, found) => {
        const context = contexts.get(name);
        found(context === undefined ? new Error(`${name} is nowhere`) : null, context);
      },
    },
    (incoming, outgoing) => {
      const answerer = answerers.get(incoming.headers.host ?? '');
      if (answerer) answerer(incoming, outgoing);
      else outgoing.writeHead(421).end();
    },
  ).listen(0, '127.0.0.1');
  await once(servers, 'listening');
  const { port } = servers.address() as AddressInfo;

  const proxy = createProxy((_, outgoing) => void outgoing.writeHead(405).end()).listen(0, '127.0.0.1');
  proxy.on('connect', (_, client) => {
    const onward = connect(port, '127.0.0.1', () => client.write('HTTP/1.1 200 Connection Established\r\n\r\n'));
    onward.on('error', () => client.destroy());
    client.on('error', () => onward.destroy());
    onward.pipe(client).pipe(onward);
  });
  await once(proxy, 'listening');
  const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const restore = setGlobalProxyFromEnv({ https_proxy: proxyUrl });
  await writeFile(caFile, '');

  return {
    put: async (host, answerer) => {
      answerers.set(host, answerer);
      if (contexts.has(host)) return;
      const { key, cert } = selfSigned(host);
      contexts.set(host, createSecureContext({ key, cert }));
      certificates.push(cert);
      await writeFile(caFile, certificates.join(''));
      setDefaultCACertificates([...trusted, ...certificates]);
    },
    variables: { HTTPS_PROXY: proxyUrl, NODE_USE_ENV_PROXY: '1', NODE_EXTRA_CA_CERTS: caFile },
    stop: async () => {
      restore();
      setDefaultCACertificates(trusted);
      for (const server of [servers, proxy]) {
        server.closeAllConnections();
        server.close();
      }
      await Promise.all([servers, proxy].map((server) => once(server, 'close')));
    },
  };
};
