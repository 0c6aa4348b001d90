/** A service nobody gave a PUBLIC_URL: it is known by every name of this machine, to clients of both SDKs. */
import { decodeJwt } from 'jose';
import { ask, Requested } from '../rigs/answers.ts';
import { type Agent, FirstAgent, ModernAgent } from '../rigs/clients.ts';
import { Person } from '../rigs/person.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';
import { ownerless } from '../rigs/spine.ts';

let service: ServiceRig;
let port: string;
beforeAll(async () => {
  service = await startService({ environment: { PUBLIC_URL: '' } });
  port = new URL(service.url).port;
});
afterAll(async () => {
  expect(service.faults()).toEqual([]);
  await service.stop();
});

const kinds: [string, (origin: string) => Promise<Agent & { host: FirstAgent['host'] }>][] = [
  ['first', (origin) => FirstAgent.connect(origin, new Person('ana'))],
  ['second', (origin) => ModernAgent.connect(origin, new Person('ana'))],
];
const cases = ['localhost', '127.0.0.1'].flatMap((name) => kinds.map(([sdk, open]) => ({ name, sdk, open })));

it.each(cases)('the $sdk SDK signs in, reads and steps up at http://$name', async ({ name, open }) => {
  const origin = `http://${name}:${port}`;
  const agent = await open(origin);
  const { status } = await ask(agent, Requested, 'bulk_tag_resources', {
    resource_arns: await ownerless(agent, 1),
    tags: { Owner: 'platform@example.com' },
  });
  expect(status).toBe('pending_approval');
  expect(decodeJwt(agent.host.tokens()?.access_token ?? '').aud).toBe(`${origin}/mcp`);
  await agent.close();
});

const get = (name: string, path: string, headers: Record<string, string> = {}) =>
  service.running.app.inject({ url: path, headers: { host: `${name}:${port}`, ...headers } });

it.each(['localhost', '127.0.0.1', '[::1]'])(
  'challenge and metadata speak of %s to whoever asked there',
  async (name) => {
    const metadata = `http://${name}:${port}/.well-known/oauth-protected-resource/mcp`;
    const challenge = await get(name, '/mcp');
    expect(challenge.statusCode).toBe(401);
    expect(challenge.headers['www-authenticate']).toContain(`resource_metadata="${metadata}"`);
    const { resource, authorization_servers } = (await get(name, new URL(metadata).pathname)).json();
    expect(resource).toBe(`http://${name}:${port}/mcp`);
    // One issuer, so that a client registered under one name is known under the others.
    expect(authorization_servers).toEqual([service.url]);
  },
);

it('signs people in on its pages under either name', async () => {
  for (const name of ['localhost', '127.0.0.1']) {
    const page = await new Person('ben').open(`http://${name}:${port}/approvals`);
    expect([page.status, page.url.href]).toEqual([200, `http://${name}:${port}/approvals`]);
  }
});

it.each(['127.0.0.2', 'localhost.example', '0.0.0.0', '192.168.0.7'])('%s is no name of it', async (name) => {
  expect((await get(name, '/mcp')).statusCode).toBe(403);
});

it('takes a token for one name under every other', async () => {
  const agent = await ModernAgent.connect(`http://127.0.0.1:${port}`, new Person('vera'));
  const authorization = `Bearer ${agent.host.tokens()?.access_token}`;
  for (const name of ['localhost', '127.0.0.1', '[::1]'])
    expect((await get(name, '/mcp/tools', { authorization })).statusCode).not.toBe(401);
  await agent.close();
});

it('with a PUBLIC_URL speaks of that alone, and takes no token for another name', async () => {
  const agent = await ModernAgent.connect(`http://127.0.0.1:${port}`, new Person('vera'));
  const authorization = `Bearer ${agent.host.tokens()?.access_token}`;
  await service.restart({ PUBLIC_URL: service.url });
  const answer = await get('127.0.0.1', '/mcp', { authorization });
  expect(answer.statusCode).toBe(401);
  expect(answer.headers['www-authenticate']).toContain(`resource_metadata="${service.url}/`);
  const { resource } = (await get('127.0.0.1', '/.well-known/oauth-protected-resource')).json();
  expect(resource).toBe(`${service.url}/mcp`);
  await agent.close();
});
