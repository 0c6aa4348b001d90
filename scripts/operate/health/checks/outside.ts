/** What somebody outside meets first: names, certificates, answers. */
import { z } from 'zod';
import type { RouteContract } from '../../../../contracts/route.ts';
import { routes } from '../../../../contracts/routes.ts';
import { servingAt } from '../../../../contracts/settings/weekend.ts';
import type { Deployment } from '../../../../modules/stacks/deployment.ts';
import { hostsOf } from '../../../../modules/stacks/hosts.ts';
import { type Around, absent, attention, broken, type Check, type Judgement, ok } from '../check.ts';
import { findFront } from '../front.ts';
import type { Handshake } from '../network.ts';

/** Names of this region that resolve for everyone. A private load balancer is reached by none. */
const publicNames = (deployment: Deployment): string[] => [
  ...new Set(Object.values(hostsOf(deployment)).filter((name) => name !== undefined)),
];

const lookUp = async ({ network }: Around, host: string): Promise<Judgement> => {
  try {
    const addresses = await network.resolve(host);
    return ok(host, `resolves to ${addresses.join(', ')}`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const gone = ['ENOTFOUND', 'ENODATA', 'ESERVFAIL'].includes(code);
    if (!gone) throw error;
    return broken(host, `does not resolve (${code}): is the zone delegated to Route 53, and the record there?`);
  }
};

/** Between weekends a name may have no record, because what it leads to is gone. */
const leadsSomewhere = ({ settings, shape }: Deployment): boolean =>
  settings.ingress_mode !== 'alb' || shape.loadBalancer;

const names: Check = {
  name: 'names',
  public: true,
  applies: (deployment) => leadsSomewhere(deployment) && publicNames(deployment).length > 0,
  look: (around) => Promise.all(publicNames(around.deployment).map((host) => lookUp(around, host))),
};

const DAY = 86_400_000;
// ACM renews 60 days ahead: with fewer than 30 left it has failed for a month.
const WARN_DAYS = 30;
const BROKEN_DAYS = 7;

export const judgeHandshake = (host: string, { fault, validTo }: Handshake, now: Date): Judgement => {
  const days = Math.floor((validTo.getTime() - now.getTime()) / DAY);
  const until = `valid for ${days} days, until ${validTo.toISOString().slice(0, 10)}`;
  if (days < 0) return broken(host, `its certificate expired ${-days} days ago: see the check certificates`);
  if (fault !== undefined) return broken(host, `its certificate is not trusted: ${fault}`);
  if (days < BROKEN_DAYS) return broken(host, `${until}: it is not being renewed, see the check certificates`);
  return days < WARN_DAYS ? attention(host, `${until}: it should have been renewed by now`) : ok(host, until);
};

const tls: Check = {
  name: 'tls',
  public: true,
  applies: (deployment) => {
    const { settings, shape, primary } = deployment;
    if (!leadsSomewhere(deployment)) return false;
    return shape.tls && settings.domain_name !== undefined && (primary || settings.ingress_mode === 'alb');
  },
  look: async (around) => {
    const host = around.deployment.settings.domain_name ?? '';
    return [judgeHandshake(host, await around.network.handshake(host), around.now)];
  },
};

interface Asked {
  readonly path: string;
  /** What is wrong with a body, or undefined. */
  readonly fault?: (body: string, url: string) => string | undefined;
}

const Metadata = z.object({ resource: z.string(), authorization_servers: z.array(z.string()).min(1) });

/** RFC 9728 3.3: clients refuse metadata whose resource is not what they asked for. */
export const metadataFault = (body: string, resource: string): string | undefined => {
  try {
    const told = Metadata.parse(JSON.parse(body));
    return told.resource === resource ? undefined : `names the resource ${told.resource}, not ${resource}`;
  } catch {
    return 'is no protected-resource metadata';
  }
};

const pathsOf = ({ settings, shape }: Deployment): Asked[] => {
  const path = ({ path }: RouteContract): string => path;
  if (settings.container === 'countersign')
    return [
      { path: path(routes.health) },
      { path: path(routes.ready) },
      {
        path: path(routes.resourceMetadataForMcp),
        fault: (body, url) => metadataFault(body, settings.token_audience ?? `${url}${routes.mcp.path}`),
      },
    ];
  // Of an image that is not ours the HTTP API knows the facade only.
  const facadeOnly = shape.httpApi && settings.ingress_mode === 'api-gateway';
  return [{ path: facadeOnly ? path(routes.facadeHealth) : settings.health_check_path }];
};

const ask = async (
  { network }: Around,
  url: string,
  at: string | undefined,
  { path, fault }: Asked,
): Promise<Judgement> => {
  try {
    const { status, body, milliseconds } = await network.get(`${url}${path}`, at);
    const wrong = status === 200 ? fault?.(body, url) : undefined;
    if (wrong !== undefined) return broken(path, wrong);
    return status === 200 ? ok(path, `200 in ${milliseconds} ms`) : broken(path, `answers ${status}`);
  } catch (error) {
    return broken(path, `gives no answer: ${error instanceof Error ? error.message || error.name : String(error)}`);
  }
};

const answers: Check = {
  name: 'answers',
  public: true,
  applies: (deployment) =>
    leadsSomewhere(deployment) && (deployment.primary || deployment.settings.ingress_mode === 'alb'),
  look: async (around) => {
    const { settings } = around.deployment;
    if (!servingAt(settings, around.now)) return [ok('schedule', 'asleep until the weekend')];
    const front = await findFront(around);
    if (front === undefined) return [absent('public address')];
    const judged = await Promise.all(
      pathsOf(around.deployment).map((asked) => ask(around, front.url, front.at, asked)),
    );
    return judged.map((each) => ({ ...each, subject: `${front.url}${each.subject}` }));
  },
};

export const outside: readonly Check[] = [names, tls, answers];
