/**
 * GitHub's container registry, by the protocol that all registries speak:
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
import { z } from 'zod';
import { OperatorProblem } from '../../platform/problem.ts';
import type { Registry, Repository } from './repository.ts';

export const GHCR = 'ghcr.io';

/** Of one platform, or of several. */
const manifests = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const Token = z.object({ token: z.string() });

export interface GhcrOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Default: where the registry is. */
  readonly origin?: string;
}

/** @throws OperatorProblem where nobody says who pushes */
export const openGhcr = ({ name }: Pick<Repository, 'name'>, options: GhcrOptions): Registry => {
  const { env, origin = `https://${GHCR}` } = options;
  const { GITHUB_ACTOR: user, GITHUB_TOKEN: password } = env;
  if (user === undefined || user === '' || password === undefined || password === '')
    throw new OperatorProblem(
      `${GHCR} takes a name and a token: set GITHUB_ACTOR, and GITHUB_TOKEN to a token that may write packages.`,
    );
  const refused = (status: number, what: string): OperatorProblem =>
    new OperatorProblem(`${GHCR} answers ${status} to ${what} for ${name}: may ${user} write this package?`);
  const signal = (): AbortSignal => AbortSignal.timeout(30_000);
  const find = async (tag: string): Promise<string | undefined> => {
    const query = new URLSearchParams({ service: GHCR, scope: `repository:${name}:pull` });
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const asked = await fetch(`${origin}/token?${query}`, { headers: { authorization }, signal: signal() });
    if (!asked.ok) throw refused(asked.status, 'a token');
    const { token } = Token.parse(await asked.json());
    const headers = { accept: manifests, authorization: `Bearer ${token}` };
    const found = await fetch(`${origin}/v2/${name}/manifests/${tag}`, { method: 'HEAD', headers, signal: signal() });
    // Also for a package that the first push makes.
    if (found.status === 404) return undefined;
    const digest = found.headers.get('docker-content-digest');
    if (!found.ok || digest === null) throw refused(found.status, `the tag ${tag}`);
    return digest;
  };
  return {
    checkFree: async (tag) => {
      const digest = await find(tag);
      if (digest !== undefined)
        throw new OperatorProblem(
          `${GHCR}/${name}:${tag} exists (${digest}), and tags are never overwritten: choose another.`,
        );
    },
    signIn: async () => ({ user, password }),
    digestOf: async (tag) => {
      const digest = await find(tag);
      if (digest === undefined) throw new Error(`${GHCR}/${name}:${tag} was pushed and is not there`);
      return digest;
    },
    close: () => {},
  };
};
