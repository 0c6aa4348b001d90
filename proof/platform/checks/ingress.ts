/** Load balancers with their rules and weights, HTTP APIs with their routes, as AWS tells of them. */
import type { ActionTypeEnum, Listener, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { appliedNames } from '../applied.ts';
import type { BalancerSeen } from '../readback/ingress.ts';
import { primary, type Told } from '../seen.ts';

interface Balancer {
  readonly name: string;
  readonly scheme?: 'internal';
  readonly redirects: boolean;
  /** Behind CloudFront: a request without the secret header is answered 404. */
  readonly verifies: boolean;
  readonly colours: readonly string[];
}

const balancers: Readonly<Record<string, Balancer>> = {
  dev: { name: 'countersign-dev-alb', scheme: 'internal', redirects: false, verifies: false, colours: ['blue'] },
  staging: { name: 'countersign-staging-alb', redirects: false, verifies: true, colours: ['blue', 'green'] },
  prod: { name: 'countersign-prod-alb', redirects: false, verifies: true, colours: ['blue', 'green'] },
  'examples/marketing/prod': {
    name: 'marketing-mcp-alb',
    scheme: 'internal',
    redirects: false,
    verifies: true,
    colours: ['blue'],
  },
  'examples/tag-governance/prod': {
    name: 'tagging-mcp-alb',
    redirects: true,
    verifies: false,
    colours: ['blue', 'green'],
  },
  'examples/alerts/prod': { name: 'alert-engine-prod-alb', redirects: true, verifies: false, colours: ['blue'] },
  'examples/market-data/dev': { name: 'app-alb', redirects: true, verifies: false, colours: ['blue'] },
  'examples/startup/staging': { name: 'startup-mcp-staging-alb', redirects: true, verifies: false, colours: ['blue'] },
};

const only = async (told: Told, name: string): Promise<BalancerSeen> => {
  const [first, ...rest] = (await primary(told, name)).ingress.balancers;
  if (first === undefined || rest.length > 0) throw new Error(`${name} has ${rest.length + 1} load balancers`);
  return first;
};

const defaultOf = ({ DefaultActions = [] }: Listener): ActionTypeEnum | undefined => DefaultActions[0]?.Type;
const listenerAt = ({ listeners }: BalancerSeen, port: number) => {
  const found = listeners.find(({ listener }) => listener.Port === port);
  if (found === undefined) throw new Error(`nothing listens at ${port}`);
  return found;
};
/** A group of one colour can have a name of its own. */
const colourOf = (arn: string): string => (arn.includes('targetgroup/green-') ? 'green' : 'blue');
const headersOf = ({ Conditions = [] }: Rule): string[] =>
  Conditions.flatMap(({ HttpHeaderConfig }) => HttpHeaderConfig?.HttpHeaderName ?? []).toSorted();

export const checkIngress = (told: Told): void => {
  it.each(Object.entries(balancers))('%s has one that drops what is malformed: %j', async (name, expected) => {
    const { balancer, attributes, listeners } = await only(told, name);
    expect(balancer.LoadBalancerName).toBe(expected.name);
    expect(balancer.Scheme ?? 'internet-facing').toBe(expected.scheme ?? 'internet-facing');
    expect(attributes).toMatchObject({
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'routing.http.desync_mitigation_mode': 'defensive',
      'access_logs.s3.enabled': 'true',
      'connection_logs.s3.enabled': 'true',
    });
    expect(listeners.map(({ listener }) => listener.Port).toSorted()).toEqual(expected.redirects ? [443, 80] : [443]);
  });

  it.each(Object.entries(balancers))('%s serves TLS 1.2 and later alone', async (name, { redirects }) => {
    const seen = await only(told, name);
    const { listener } = listenerAt(seen, 443);
    expect(listener).toMatchObject({
      Protocol: 'HTTPS',
      SslPolicy: expect.stringMatching(/^ELBSecurityPolicy-TLS13-1-[23]-/),
    });
    expect(defaultOf(listener)).toBe('fixed-response');
    if (redirects)
      expect(listenerAt(seen, 80).listener.DefaultActions).toMatchObject([
        { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } },
      ]);
  });

  it.each(Object.entries(balancers))(
    '%s sends everything to blue, and other colours what asks for them',
    async (name, { colours, verifies }) => {
      const { targetGroups } = (await primary(told, name)).ingress;
      const { rules } = listenerAt(await only(told, name), 443);
      const live = rules.find(({ Priority }) => Priority === '100');
      const verified = verifies ? ['x-origin-verify'] : [];
      expect(live && headersOf(live)).toEqual(verified);
      const groups = live?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
      const weights = groups.map(({ TargetGroupArn = '', Weight }) => [colourOf(TargetGroupArn), Weight]);
      expect(Object.fromEntries(weights)).toEqual(
        Object.fromEntries(colours.map((colour) => [colour, colour === 'blue' ? 100 : 0])),
      );
      expect(targetGroups).toHaveLength(colours.length);
      const previews = rules.filter(({ Priority }) => Priority === '10' || Priority === '11');
      expect(previews.map(headersOf)).toEqual(
        colours.length > 1 ? colours.map(() => ['x-mcp-preview', ...verified]) : [],
      );
      expect(rules).toHaveLength(2 + previews.length);
    },
  );

  it.each([
    ['examples/marketing/prod', 3000, '/ready', 30, 3, true],
    ['examples/tag-governance/prod', 8080, '/ready', 10, 2, false],
    ['examples/alerts/prod', 8000, '/ready', 10, 2, false],
    ['examples/market-data/dev', 8001, '/health', 10, 2, false],
  ])(
    '%s asks at %i%s every %i s, and gives up after %i; sticky: %s',
    async (name, Port, path, every, after, sticky) => {
      const { targetGroups } = (await primary(told, name)).ingress;
      for (const { group, attributes } of targetGroups) {
        expect(group).toMatchObject({
          Protocol: 'HTTP',
          TargetType: 'ip',
          Port,
          HealthCheckPath: path,
          HealthCheckIntervalSeconds: every,
          HealthCheckTimeoutSeconds: 5,
          HealthyThresholdCount: 2,
          UnhealthyThresholdCount: after,
        });
        expect(attributes).toMatchObject({
          'stickiness.enabled': String(sticky),
          'deregistration_delay.timeout_seconds': '30',
        });
      }
    },
  );

  it('there is none before a function', async () => {
    const without = appliedNames.filter((name) => balancers[name] === undefined);
    expect(without).toEqual(['examples/startup/prod']);
    expect((await primary(told, 'examples/startup/prod')).ingress).toMatchObject({ balancers: [], targetGroups: [] });
  });
};
