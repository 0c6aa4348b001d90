/** HTTP APIs with their routes and authorizer, as AWS tells of them. */
import { routeKey } from '../../../contracts/gateway.ts';
import { packNames, packOf } from '../../../contracts/packs/index.ts';
import type { RouteContract } from '../../../contracts/route.ts';
import { routes } from '../../../contracts/routes.ts';
import type { ApiSeen } from '../readback/ingress.ts';
import { primary, type Told } from '../seen.ts';

const apiOf = async (told: Told, name: string): Promise<ApiSeen> => {
  const [first, ...rest] = (await primary(told, name)).ingress.apis;
  if (first === undefined || rest.length > 0) throw new Error(`${name} has ${rest.length + 1} APIs`);
  return first;
};
const facade = Object.values(routes as Readonly<Record<string, RouteContract>>).filter((route) => route.facade);
/**
 * Everything behind an API alone, of the service and of the pack that an environment has which names none; but for the sandbox and
 * for accounts of providers, which that pack has not.
 */
const whole = Object.entries(routes as Readonly<Record<string, RouteContract>>).flatMap(
  ([name, route]): RouteContract[] => {
    const elsewhere = route.sandboxOnly || route.forProviders;
    return elsewhere || ![undefined, packNames[0]].includes(packOf('routes', name)) ? [] : [route];
  },
);

export const checkApis = (told: Told): void => {
  it.each([
    ['dev', whole],
    ['examples/startup/prod', whole],
    ['staging', facade],
    ['prod', facade],
    ['examples/marketing/prod', facade],
  ] as const)(
    '%s has the routes of the contract, and asks the authorizer on those of the facade',
    async (name, contract) => {
      const { routes: found, authorizers } = await apiOf(told, name);
      const authorized = (route: RouteContract): boolean => route.facade && route.auth === 'bearer';
      expect(Object.fromEntries(found.map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType]))).toEqual(
        Object.fromEntries(contract.map((route) => [routeKey(route), authorized(route) ? 'CUSTOM' : 'NONE'])),
      );
      expect(authorizers).toMatchObject([
        {
          AuthorizerType: 'REQUEST',
          AuthorizerPayloadFormatVersion: '2.0',
          EnableSimpleResponses: true,
          AuthorizerResultTtlInSeconds: 0,
          IdentitySource: ['$request.header.Authorization'],
          AuthorizerUri: expect.stringMatching(/:function:[\w-]+-authorizer:live\/invocations$/),
        },
      ]);
    },
  );

  it.each(['dev', 'staging', 'prod', 'examples/marketing/prod', 'examples/startup/prod'])(
    '%s answers to its own name only, in 29 s, at most 10,000 times a second',
    async (name) => {
      const { api, stages, integrations } = await apiOf(told, name);
      expect(api).toMatchObject({ ProtocolType: 'HTTP', DisableExecuteApiEndpoint: true });
      expect(stages).toMatchObject([
        {
          StageName: '$default',
          DefaultRouteSettings: { ThrottlingRateLimit: 10_000, ThrottlingBurstLimit: 5000 },
          AccessLogSettings: { DestinationArn: expect.stringContaining(':log-group:/aws/vendedlogs/http-api/') },
        },
      ]);
      expect(integrations.length).toBeGreaterThan(0);
      for (const { TimeoutInMillis } of integrations) expect(TimeoutInMillis).toBe(29_000);
    },
  );

  it('the marketing server is called from its own pages', async () => {
    expect((await apiOf(told, 'examples/marketing/prod')).api.CorsConfiguration).toMatchObject({
      AllowOrigins: ['https://app.marketing.example.com'],
      AllowMethods: expect.arrayContaining(['GET', 'POST']),
      AllowHeaders: expect.arrayContaining(['authorization', 'content-type', 'x-platform-api-key']),
      MaxAge: 3600,
    });
  });

  it.each([
    ['staging', 'mcp.staging.example.com'],
    ['examples/marketing/prod', 'mcp.marketing.example.com'],
  ])('%s reaches the private side through a VPC link, checking the name %s', async (name, host) => {
    const { integrations } = await apiOf(told, name);
    for (const integration of integrations)
      expect(integration).toMatchObject({ ConnectionType: 'VPC_LINK', TlsConfig: { ServerNameToVerify: host } });
    const open = integrations.filter(
      ({ RequestParameters = {} }) => 'remove:header.x-countersign-user-id' in RequestParameters,
    );
    expect([open.length, integrations.length]).toEqual([1, 2]);
  });

  it('there is none where the load balancer is the way in', async () => {
    for (const name of ['examples/tag-governance/prod', 'examples/alerts/prod', 'examples/startup/staging'])
      expect((await primary(told, name)).ingress.apis).toEqual([]);
  });
};
