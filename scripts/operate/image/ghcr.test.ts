import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { repository } from '../../../modules/testing/synthesized.ts';
import { readEnvironment } from '../../../modules/tfvars/read.ts';
import { openOperated } from '../operated.ts';
import { openGhcr } from './ghcr.ts';
import { repositoriesOf } from './registry.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const env = { GITHUB_ACTOR: 'ada', GITHUB_TOKEN: 'secret' };

describe('GitHub’s container registry', () => {
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://registry');
      const { authorization = '', accept = '' } = request.headers;
      if (pathname === '/token') {
        const known = authorization === `Basic ${Buffer.from('ada:secret').toString('base64')}`;
        const scope = searchParams.get('scope');
        response.writeHead(known ? 200 : 403).end(JSON.stringify({ token: scope }));
        return;
      }
      const [, name, tag] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(pathname) ?? [];
      if (authorization !== `Bearer repository:${name}:pull` || !accept.includes('oci.image.index')) {
        response.writeHead(401).end();
        return;
      }
      response.writeHead(tag === 'v1' ? 200 : 404, { 'docker-content-digest': digest }).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const open = (given: NodeJS.ProcessEnv = env) =>
    openGhcr({ name: 'example-org/example-app' }, { env: given, origin });

  it('knows a tag by its digest, and never lets it be pushed again', async () => {
    expect(await open().digestOf('v1')).toBe(digest);
    await expect(open().checkFree('v1')).rejects.toThrow('tags are never overwritten: choose another');
    await open().checkFree('v2');
    await expect(open().digestOf('v2')).rejects.toThrow('was pushed and is not there');
  });

  it('is signed in to with the token of the workflow', async () => {
    expect(await open().signIn()).toEqual({ user: 'ada', password: 'secret' });
    expect(() => open({})).toThrow('set GITHUB_ACTOR, and GITHUB_TOKEN');
    const stranger = open({ ...env, GITHUB_TOKEN: 'stale' });
    await expect(stranger.checkFree('v2')).rejects.toThrow('ghcr.io answers 403 to a token');
    await expect(stranger.checkFree('v2')).rejects.not.toThrow('stale');
  });

  it('is the registry of an environment whose settings name it', async () => {
    const host = { root: repository, env: {}, out: () => {}, err: () => {}, ask: undefined };
    const environment = 'examples/market-data/dev';
    const repositories = repositoriesOf(await openOperated(host, { environment }));
    const { regions } = await readEnvironment(repository, environment);
    expect(repositories).toEqual([
      {
        region: '',
        host: 'ghcr.io',
        name: 'example-org/example-app',
        madeByDeployment: false,
        usedIn: regions.flatMap((settings) => settings.regions[0] ?? []),
      },
    ]);
  });
});
