import Fastify from 'fastify';
import { callerHeaders, clientAddressHeader } from '../../../contracts/gateway.ts';
import { addGatewayContext, cameFrom } from './gateway-context.ts';

const link = '10.0.11.7';
const balancer = '10.0.1.5';

/** What a route sees of a request that reached the service from `peer`. */
const ask = async (peer: string, headers: Record<string, string>, from: readonly string[] = ['10.0.11.0/24']) => {
  const app = Fastify({ trustProxy: ['10.0.0.0/16'] });
  const contextOf = addGatewayContext(app, cameFrom(from));
  app.get('/', async (request) => ({ context: contextOf(request), ip: request.ip, headers: request.headers }));
  const answer = await app.inject({ url: '/', remoteAddress: peer, headers });
  return answer.json<{ context?: Record<string, string>; ip: string; headers: Record<string, string> }>();
};
const said = {
  [callerHeaders.userId]: 'ana@example.com',
  [callerHeaders.agency]: 'Z%C3%BCrich',
  [callerHeaders.role]: '-',
  [callerHeaders.employeeId]: 'EMP-1',
  [clientAddressHeader]: '203.0.113.7',
};

describe('what the gateway says', () => {
  it('is believed on the private path, and so is the address of its client', async () => {
    const { context, ip } = await ask(balancer, { ...said, 'x-forwarded-for': link });
    expect(context).toEqual({ userId: 'ana@example.com', agency: 'Zürich', employeeId: 'EMP-1' });
    expect(ip).toBe('203.0.113.7');
  });

  it.each([
    ['a client of the load balancer', balancer, '198.51.100.1'],
    ['a client that claims to be the link', balancer, `${link}, 198.51.100.1`],
    ['a client that claims so twice', balancer, `${link}, ${link}, 198.51.100.1`],
    ['CloudFront in the same subnets', balancer, `198.51.100.1, ${link}`],
    ['another host of the network', balancer, '10.0.12.9'],
    ['a client whose address is no address', balancer, 'gateway'],
    ['somebody without any proxy', '198.51.100.1', link],
    ['an IPv6 client', balancer, '2001:db8::1'],
  ])('is not believed of %s', async (_, peer, chain) => {
    const { context, ip } = await ask(peer, { ...said, 'x-forwarded-for': chain });
    expect(context).toBeUndefined();
    expect(ip).not.toBe('203.0.113.7');
  });

  it('is believed of nobody where no block is named', async () => {
    expect((await ask(balancer, { ...said, 'x-forwarded-for': link }, [])).context).toBeUndefined();
  });

  it('goes no further either way, and text that is not encoded as it should be counts as none', async () => {
    for (const chain of [link, '198.51.100.1'])
      expect(Object.keys((await ask(balancer, { ...said, 'x-forwarded-for': chain })).headers).join()).not.toContain(
        'x-countersign',
      );
    const { context } = await ask(balancer, { [callerHeaders.userId]: '100%', 'x-forwarded-for': link });
    expect(context).toBeUndefined();
  });
});
