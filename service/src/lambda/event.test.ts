import { callerHeaders, clientAddressHeader, originVerifyHeader } from '../../../contracts/gateway.ts';
import { HttpApiEvent, trusted } from './event.ts';

const event = (changes: Record<string, unknown> = {}) =>
  HttpApiEvent.parse({
    version: '2.0',
    rawPath: '/oauth/auth',
    rawQueryString: 'scope=tag:read&redirect_uri=a,b',
    queryStringParameters: { scope: 'tag:read', redirect_uri: 'a,b' },
    headers: { host: 'api-mcp.example.com', 'user-agent': 'test' },
    requestContext: { http: { method: 'GET', sourceIp: '203.0.113.7' } },
    ...changes,
  });
const direct = { publicUrl: 'https://mcp.example.com', throughCloudFront: false };
const edge = { ...direct, throughCloudFront: true };
const addressOf = ({ requestContext }: HttpApiEvent) => requestContext.http.sourceIp;

describe('an event that is trusted', () => {
  it('has its whole query in the path, as it was sent, and the public host', () => {
    const { rawPath, headers, ...rest } = trusted(event(), direct);
    expect(rawPath).toBe('/oauth/auth?scope=tag:read&redirect_uri=a,b');
    expect(headers).toEqual({ host: 'mcp.example.com', 'user-agent': 'test' });
    expect(rest).not.toHaveProperty('queryStringParameters');
  });

  it('has no path that a decoded character turns into a query or a fragment', () => {
    expect(trusted(event({ rawPath: '/apps/a?admin=1#b', rawQueryString: '' }), direct).rawPath).toBe(
      '/apps/a%3Fadmin=1%23b',
    );
  });

  it('tells what the authorizer said, and nothing that a client says in its name', () => {
    const forged = {
      [callerHeaders.role.toUpperCase()]: 'admin',
      [clientAddressHeader]: '10.0.0.1',
      forwarded: 'for=1.1.1.1',
    };
    const lambda = { userId: 'ana@example.com', agency: '', employeeId: 7, toString: 'x' };
    const { http } = event().requestContext;
    const { headers } = trusted(
      event({
        headers: { ...forged, [originVerifyHeader]: 'secret' },
        requestContext: { http, authorizer: { lambda } },
      }),
      direct,
    );
    expect(headers).toEqual({
      host: 'mcp.example.com',
      [callerHeaders.userId]: 'ana@example.com',
      [callerHeaders.agency]: '-',
    });
    expect(trusted(event({ headers: forged }), direct).headers).toEqual({ host: 'mcp.example.com' });
  });

  it.each([
    [direct, '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    [edge, '198.51.100.1, 203.0.113.7', '198.51.100.1'],
    [edge, '10.0.0.1, 198.51.100.1, 203.0.113.7', '198.51.100.1'],
    [edge, '198.51.100.1', '198.51.100.1'],
    [edge, '203.0.113.7', '203.0.113.7'],
    [edge, '', '203.0.113.7'],
  ])('with %j and the chain %j comes from %s', (ingress, chain, address) => {
    expect(addressOf(trusted(event({ headers: { 'x-forwarded-for': chain } }), ingress))).toBe(address);
  });
});
