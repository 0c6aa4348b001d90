/** A whole company behind one address connects within moments, under the limits as they are without any setting. */
import type { FastifyInstance } from 'fastify';
import { Browser } from '../rigs/browser.ts';
import { OAuthClient } from '../rigs/oauth-client.ts';
import { assembleInMemory } from '../rigs/whole.ts';
import { freePort } from '../servers/server.ts';

let app: FastifyInstance;
let issuer: string;
beforeAll(async () => {
  const port = await freePort();
  ({ app } = await assembleInMemory({ PORT: String(port) }));
  await app.listen({ port, host: 'localhost' });
  issuer = `http://localhost:${port}`;
});
afterAll(() => app.close());

const people = ['ana', 'ben', 'vera', 'ada', 'max'];

it('all of 200 clients', async () => {
  const connect = async (at: number): Promise<number> => {
    const client = await OAuthClient.registered(issuer);
    const tokens = await client.connect(new Browser(), people[at % people.length] ?? 'ana');
    return (await client.refresh(tokens.refresh_token)).status;
  };
  const outcomes: number[] = [];
  for (let at = 0; at < 200; at += 20)
    outcomes.push(...(await Promise.all(Array.from({ length: 20 }, (_, beside) => connect(at + beside)))));
  expect(outcomes).toEqual(Array.from({ length: 200 }, () => 200));
});
