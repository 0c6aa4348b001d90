import { packNames } from '../../contracts/packs/index.ts';
import type { RouteContract } from '../../contracts/route.ts';
import { routes } from '../../contracts/routes.ts';
import { webAclProps } from '../stacks/ingress.ts';
import { namesOf } from '../stacks/names.ts';
import { customImage } from '../testing/custom-image.ts';
import { type Block, primaryDeploymentOf, synthesized } from '../testing/synthesized.ts';
import { blockedBy } from '../testing/web-acl.ts';
import { accountRequests, legitimateRequests, packRequests } from './legitimate-requests.ts';
import { managedGroups } from './managed-rules.ts';
import { models } from './matching.ts';
import type { WebRequest } from './request.ts';
import { WebAcl } from './web-acl.ts';

const aclOf = async (environment: string, changes: Record<string, unknown> = {}): Promise<Block> => {
  const deployment = await primaryDeploymentOf(environment, changes);
  const name = namesOf(deployment.settings).with('edge');
  return synthesized(
    (stack) => new WebAcl(stack, 'acl', { ...webAclProps(deployment), name, scope: 'CLOUDFRONT' }),
  ).one('aws_wafv2_web_acl');
};

const prod = await aclOf('prod');
const staging = await aclOf('staging');

describe('requests that must reach the service', () => {
  it.each(legitimateRequests.map((request) => [request.what, request] as const))('%s', (_, request) => {
    expect([blockedBy(prod, request), blockedBy(staging, request)]).toEqual([undefined, undefined]);
  });

  it('cover every route that the platform leads to', () => {
    const spoken = new Set(
      [...legitimateRequests, ...accountRequests, ...packRequests].map(({ method, path }) => `${method} ${path}`),
    );
    const asked = ({ method, path }: RouteContract) => {
      const pattern = new RegExp(
        `^${path
          .replace(/\/:\w+/g, '/[^/]+')
          .replace(/\*$/, '.+')
          .replaceAll('.', '\\.')
          .replace('\\.+', '.+')}$`,
      );
      return [...spoken].some((line) => {
        const [verb, rest] = line.split(' ');
        return (method === 'ANY' || verb === method) && pattern.test(rest ?? '');
      });
    };
    const all: readonly RouteContract[] = Object.values(routes);
    expect(all.filter((route) => route.sandboxOnly !== true && !asked(route)).map(({ path }) => path)).toEqual([]);
  });

  it.each(['prod', 'staging'])('of packs pass before %s where they are enabled', async (name) => {
    const acl = await aclOf(name, { tool_packs: packNames });
    const stopped = packRequests.map((request) => blockedBy(acl, request)).filter((rule) => rule !== undefined);
    expect(stopped).toEqual([]);
  });

  it('pass before an image of somebody else too, at the OAuth paths MCP names', async () => {
    const acl = await aclOf('examples/marketing/prod', customImage);
    const spoken = legitimateRequests
      .filter(({ path }) => path.startsWith('/oauth/') || path === '/mcp')
      .flatMap((request) => [request, { ...request, path: request.path.replace('/oauth/', '/') }]);
    expect(spoken.map((request) => blockedBy(acl, request)).filter((blocked) => blocked !== undefined)).toEqual([]);
  });
});

describe('attacks', () => {
  const headers = { host: 'mcp.example.com', 'user-agent': 'curl/8.9.1' };
  const form = (path: string, body: string): WebRequest => ({ method: 'POST', path, headers, body });
  const asked = (path: string, query: string): WebRequest => ({ method: 'GET', path, headers, query });

  it.each<[what: string, request: WebRequest, by: string]>([
    [
      'a loopback address in the query of a page',
      asked('/operations', 'u=http://127.0.0.1/'),
      'elsewhere-than-sign-in',
    ],
    [
      'a loopback address in the form of a page',
      form('/step-up', 'u=http://localhost/'),
      'elsewhere-than-sign-in-and-words',
    ],
    [
      'a remote file in the form of a page',
      form('/step-up', 'u=http://203.0.113.9/x'),
      'elsewhere-than-sign-in-and-words',
    ],
    ['SQL in a token request', form('/oauth/token', "code=' or 1=1"), 'elsewhere-than-words'],
    ['a script in a registration', form('/oauth/register', '{"client_name":"<script>"}'), 'elsewhere-than-words'],
    ['a path next to an exempt one', form('/oauthx', 'u=http://localhost/'), 'elsewhere-than-sign-in-and-words'],
    ['an exempt path in capitals', form('/OAUTH/token', 'u=http://localhost/'), 'elsewhere-than-sign-in-and-words'],
    ['SQL in a query to /mcp', asked('/mcp', "q=' or 1=1"), 'AWSManagedRulesSQLiRuleSet/SQLi_QUERYARGUMENTS'],
    ['Log4j in a tool call', form('/mcp', '${jndi:ldap://x}'), 'AWSManagedRulesKnownBadInputsRuleSet/Log4JRCE_BODY'],
    [
      'a page without User-Agent',
      { ...asked('/approvals', ''), headers: { host: 'mcp.example.com' } },
      'elsewhere-than-programs',
    ],
    ['a long query to a page', asked('/operations', 'a'.repeat(3000)), 'elsewhere-than-sign-in'],
  ])('%s', (_, request, by) => {
    expect(blockedBy(prod, request)).toBe(by);
    expect(blockedBy(staging, request)).toBe(by);
  });
});

describe('the table of managed rules', () => {
  const rules = Object.values(managedGroups).flatMap((group) => Object.entries(group.rules));

  it('has a model of each, and of no other', () => {
    expect(Object.keys(models).sort()).toEqual(rules.map(([name]) => name).sort());
  });

  it('spares nothing that no legitimate request needs spared', () => {
    const spared = rules.filter(([, { treatment }]) => treatment !== 'block').map(([name]) => name);
    const needless = spared.filter((name) => !legitimateRequests.some((request) => models[name]?.(request)));
    // AWS counts this one itself.
    expect(needless).toEqual(['AWSManagedIPDDoSList']);
  });
});
