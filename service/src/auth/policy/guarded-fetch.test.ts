import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import tls from 'node:tls';
import { selfSigned } from '../../../test/rigs/self-signed.ts';
import { isPublicAddress } from '../../upstream/public-address.ts';
import { createGuardedFetch } from './guarded-fetch.ts';

describe('the fetch of documents', () => {
  const trusted = tls.getCACertificates('default');
  let server: Server;
  let connections = 0;
  let answer = '{}';
  beforeAll(async () => {
    const identity = selfSigned('agent.example.com');
    tls.setDefaultCACertificates([...trusted, identity.cert]);
    server = createServer(identity, (_request, response) => response.end(answer));
    server.on('connection', () => {
      connections++;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    tls.setDefaultCACertificates(trusted);
    server.close();
  });
  const url = () => {
    const address = server.address();
    return `https://agent.example.com:${typeof address === 'object' ? address?.port : ''}/client.json`;
  };
  const loopback = { resolve: async () => [{ address: '127.0.0.1', family: 4 }] };

  it('makes no connection to an address that is not public', async () => {
    const guarded = createGuardedFetch({ ...loopback, isPublic: isPublicAddress });
    await expect(guarded(url())).rejects.toThrow('no public address');
    await expect(guarded(url().replace('agent.example.com', '127.0.0.1'))).rejects.toThrow('not public');
    await expect(guarded(url().replace('agent.example.com', '[::1]'))).rejects.toThrow('not public');
    expect(connections).toBe(0);
  });

  it('reads what is public, and not more than it should', async () => {
    const guarded = createGuardedFetch({ ...loopback, isPublic: () => true });
    expect(await (await guarded(url())).json()).toEqual({});
    answer = 'x'.repeat(70_000);
    await expect(guarded(url())).rejects.toMatchObject({ code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
    await expect(guarded(url().replace('https:', 'http:'))).rejects.toThrow('only https');
  });

  it('gives up when it is told to', async () => {
    const guarded = createGuardedFetch({ resolve: () => new Promise(() => {}), isPublic: () => true });
    await expect(guarded(url(), { signal: AbortSignal.timeout(50) })).rejects.toThrow();
  });
});
