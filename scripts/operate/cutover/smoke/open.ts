/** What can be looked at without signing in: version, metadata, and how /mcp refuses who has not. */
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { SmokeFailed } from '../ports.ts';
import { parse, send, type Target } from './target.ts';

const Health = z.looseObject({
  status: z.string(),
  version: z.string().optional(),
  colour: z.string().optional(),
});

export interface Expected {
  /** As /health names it; undefined where the image's name says none. */
  readonly version?: string | undefined;
  /** Its `resource`; undefined where only AWS knows the address. */
  readonly resource?: string | undefined;
}

/** The part of a tag that is a version: `v2.0.0` is 2.0.0, a digest or a commit is none. */
export const versionOf = (image: string): string | undefined => /:v?(\d+\.\d+\.\d+[\w.-]*)(?:@|$)/.exec(image)?.[1];

/** @returns what could not be proven */
export const checkHealth = async (target: Target, variant: string, expected: Expected): Promise<readonly string[]> => {
  const answer = await send(target, variant, routes.health.path);
  if (answer.status !== 200) throw new SmokeFailed(`${routes.health.path} answered ${answer.status}`);
  const { status, version, colour } = parse(Health, answer, routes.health.path);
  if (status === 'unhealthy') throw new SmokeFailed(`${routes.health.path} says that ${variant} is unhealthy`);
  if (target.ask === undefined && colour !== undefined && colour !== variant)
    throw new SmokeFailed(`the preview header led to ${colour}, not to ${variant}`);
  if (expected.version !== undefined && version !== expected.version)
    throw new SmokeFailed(`${routes.health.path} says version ${version ?? '(none)'}, not ${expected.version}`);
  // It was asked by its own number.
  if (target.ask !== undefined) return [];
  return [
    ...(colour === undefined ? [`that it was ${variant} which answered: /health names no colour`] : []),
    ...(expected.version === undefined
      ? [`which version it is: the image has no version in its name, /health says ${version}`]
      : []),
  ];
};

const Metadata = z.looseObject({ resource: z.url(), authorization_servers: z.array(z.string()).min(1) });

/** RFC 9728: without it no client finds out where to sign in. */
export const checkMetadata = async (target: Target, variant: string, { resource }: Expected): Promise<void> => {
  const { path } = routes.resourceMetadataForMcp;
  const answer = await send(target, variant, path);
  if (answer.status !== 200) throw new SmokeFailed(`${path} answered ${answer.status}`);
  const metadata = parse(Metadata, answer, path);
  if (resource !== undefined && metadata.resource !== resource)
    throw new SmokeFailed(`${path} names the resource ${metadata.resource}, not ${resource}`);
};

/** RFC 9728 5.1. API Gateway renames the header on its way out. */
export const checkChallenge = async (target: Target, variant: string): Promise<void> => {
  const { path } = routes.mcp;
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
  const { status, headers } = await send(target, variant, path, { method: 'POST', body: ping });
  if (status !== 401) throw new SmokeFailed(`${path} answered ${status} to a call without a token, not 401`);
  const challenge = headers['www-authenticate'] ?? headers['x-amzn-remapped-www-authenticate'];
  if (
    !String(challenge ?? '')
      .toLowerCase()
      .startsWith('bearer')
  )
    throw new SmokeFailed(`${path} answered 401 without a WWW-Authenticate: Bearer challenge`);
};

/** Harmless requests, of which the load balancer counts each. @returns how many were answered as they should be */
export const knockAt = async (target: Target, variant: string, calls: number): Promise<number> => {
  let answered = 0;
  for (let call = 0; call < calls; call += 1) {
    const answer = await send(target, variant, target.healthPath).catch(() => undefined);
    if (answer?.status === 200) answered += 1;
  }
  return answered;
};
