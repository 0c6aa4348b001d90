import { request as send } from 'node:http';
import { text } from 'node:stream/consumers';
import Fastify from 'fastify';
import { sentBy, tokenFrom } from '../credentials/header-tokens.ts';
import { addHeaderTokens } from './header-tokens.ts';
import { addOrigins, originOf } from './origin.ts';

const names = ['x-maps-token', 'x-post-token'];
const ana = { personId: 'ana', issuer: 'https://accounts.example.com', email: 'ana@example.com' };

/** What arrived, in every form in which Node tells of it, and what each token is lent as. */
interface Arrived {
  readonly headers: Record<string, unknown>;
  readonly distinct: Record<string, unknown>;
  readonly raw: string[];
  readonly lent: Record<string, string>;
}

// Over a socket, because what is injected has neither lines nor headersDistinct as Node makes them.
describe('tokens in headers of requests over a socket', () => {
  const app = Fastify();
  addOrigins(app);
  addHeaderTokens(app, names);
  app.get('/', async (request): Promise<Arrived> => {
    const origin = originOf(request);
    sentBy(origin, ana);
    const lent = names.flatMap((name) => {
      const token = tokenFrom(origin, name, ana);
      return token === undefined ? [] : [[name, token] as const];
    });
    const { headersDistinct, rawHeaders } = request.raw;
    return { headers: request.headers, distinct: headersDistinct, raw: rawHeaders, lent: Object.fromEntries(lent) };
  });
  let port: number;
  beforeAll(async () => {
    port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
  });
  afterAll(() => app.close());

  /** By Node's own client, which sends names as they are written and lines as often as they are given. */
  const ask = async (headers: Record<string, string | string[]>): Promise<Arrived> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const asked = send({ port, host: '127.0.0.1', headers: { Connection: 'close', ...headers } }, (answer) => {
      text(answer).then(resolve, reject);
    });
    asked.on('error', reject).end();
    return JSON.parse(await promise);
  };

  it('are lent each by its header, and gone from all that Node tells, while every other header stays', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      headers: {
        'x-first': '1',
        'x-maps-token': 'of-maps',
        'x-between': '2',
        'x-post-token': 'of-post',
        'x-last': '3',
      },
    });
    expect(answer.status).toBe(200);
    const { lent, ...arrived } = (await answer.json()) as Arrived;
    expect(lent).toEqual({ 'x-maps-token': 'of-maps', 'x-post-token': 'of-post' });
    expect(arrived.headers).toMatchObject({ 'x-first': '1', 'x-between': '2', 'x-last': '3' });
    expect(arrived.distinct).toMatchObject({ 'x-first': ['1'], 'x-between': ['2'], 'x-last': ['3'] });
    expect(arrived.raw).toEqual(expect.arrayContaining(['x-first', 'x-between', 'x-last']));
    expect(JSON.stringify(arrived)).not.toMatch(/of-maps|of-post|maps-token|post-token/);
  });

  it('are found however the name is written', async () => {
    const { lent, ...arrived } = await ask({ 'X-MAPS-TOKEN': 'of-maps', 'X-Post-Token': 'of-post', Accept: '*/*' });
    expect(lent).toEqual({ 'x-maps-token': 'of-maps', 'x-post-token': 'of-post' });
    expect(arrived.headers.accept).toBe('*/*');
    expect(JSON.stringify(arrived)).not.toMatch(/of-maps|of-post|maps-token|post-token/i);
  });

  it('are gone as often as they were sent, and what was sent twice is no token of anybody’s', async () => {
    const { lent, ...arrived } = await ask({ 'X-Maps-Token': ['of-ana', 'of-ben'], 'x-post-token': 'of-post' });
    expect(lent['x-maps-token']).toBe('of-ana, of-ben');
    expect(lent['x-post-token']).toBe('of-post');
    expect(JSON.stringify(arrived)).not.toMatch(/of-ana|of-ben|of-post|maps-token|post-token/i);
  });

  it('leave a request without any as it is', async () => {
    const { lent, ...arrived } = await ask({ 'X-First': '1' });
    expect([lent, arrived.headers['x-first'], arrived.distinct['x-first']]).toEqual([{}, '1', ['1']]);
  });
});
