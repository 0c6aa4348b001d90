import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import tls from 'node:tls';
import { selfSigned } from '../../../test/rigs/self-signed.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import { isPublicAddress } from './public-address.ts';

describe('an address', () => {
  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '198.20.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    '2001:db8::1',
    '2002:a00:1::1',
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

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
    expect(connections).toBe(0);
  });

  it('reads what is public, and not more than it should', async () => {
    const guarded = createGuardedFetch({ ...loopback, isPublic: () => true });
    expect(await (await guarded(url())).json()).toEqual({});
    answer = 'x'.repeat(70_000);
    await expect(guarded(url())).rejects.toThrow('over 65536 bytes');
    await expect(guarded(url().replace('https:', 'http:'))).rejects.toThrow('only https');
  });

  it('gives up when it is told to', async () => {
    const guarded = createGuardedFetch({ resolve: () => new Promise(() => {}), isPublic: () => true });
    await expect(guarded(url(), { signal: AbortSignal.timeout(50) })).rejects.toThrow();
  });
});
