/** For tests: the stand-in for GitHub's API as a server. A token may do what its rights say, and nothing else. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { Repository } from './repository.ts';
import type { Answered, Rights } from './route.ts';
import { autoMerge, isAllowed, routes } from './routes.ts';

export interface GitHubStandIn {
  readonly url: string;
  readonly repository: Repository;
  /** Calls that were refused because the token had not the right. */
  readonly denied: readonly string[];
  /** A token with these rights, as a job gets one. */
  token(rights: Rights): string;
  stop(): void;
}

const answerTo = async (
  repository: Repository,
  tokens: ReadonlyMap<string, Rights>,
  denied: string[],
  request: IncomingMessage,
): Promise<Answered> => {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://github');
  const rights = tokens.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '');
  if (rights === undefined) return { status: 401, body: { message: 'Bad credentials' } };
  const raw = await text(request);
  const body: unknown = raw === '' ? undefined : JSON.parse(raw);
  const deny = (): Answered => {
    denied.push(`${request.method} ${pathname}`);
    return { status: 403, body: { message: 'Resource not accessible by integration' } };
  };
  if (pathname === '/graphql')
    return isAllowed(rights, [['pull-requests', 'write']]) ? autoMerge(repository, body) : deny();
  const start = `/repos/${repository.name}`;
  for (const { method, path, takes, answer } of routes) {
    const found =
      method === request.method && pathname.startsWith(start) ? path.exec(pathname.slice(start.length)) : null;
    if (found === null) continue;
    return isAllowed(rights, takes) ? answer(repository, { params: found.slice(1), query, body }) : deny();
  }
  return { status: 404, body: { message: `The stand-in has no ${request.method} ${pathname}` } };
};

export const startGitHub = async (
  files: Readonly<Record<string, string>> = {},
  name?: string,
): Promise<GitHubStandIn> => {
  const repository = new Repository(files, name);
  const tokens = new Map<string, Rights>();
  const denied: string[] = [];
  const server: Server = createServer((request, response) => {
    answerTo(repository, tokens, denied, request)
      .catch((error: unknown): Answered => ({ status: 422, body: { message: String(error) } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? '' : JSON.stringify(body));
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    repository,
    denied,
    token: (rights) => {
      const token = randomUUID();
      tokens.set(token, rights);
      return token;
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
