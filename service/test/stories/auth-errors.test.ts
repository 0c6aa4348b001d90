/** Errors of the OAuth endpoints: whoever refuses, and wherever, both generations of the SDK can read why. */
import { OAuthError, parseErrorResponse } from '@modelcontextprotocol/client';
import { parseErrorResponse as parseFirst } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { assembleInMemory } from '../rigs/whole.ts';

let app: FastifyInstance;
beforeAll(async () => {
  ({ app } = await assembleInMemory({ ADDRESS_REQUESTS_PER_SECOND: '20', CLIENT_REGISTRATIONS_PER_HOUR: '2' }));
});
afterAll(() => app.close());

let caller = 0;
const ask = (request: InjectOptions) =>
  app.inject({
    remoteAddress: `10.0.${++caller}.1`,
    ...request,
    headers: { host: 'localhost:3000', ...request.headers },
  });
const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

const expectOauth = async (request: InjectOptions, status: number, error: string) => {
  const { statusCode, body } = await ask(request);
  expect([statusCode, JSON.parse(body)]).toEqual([
    status,
    { error, error_description: expect.stringMatching(/^[ !#-[\]-~]+$/) },
  ]);
  const again = await parseErrorResponse(new Response(body, { status }));
  expect(again).toBeInstanceOf(OAuthError);
  expect(again.code).toBe(error);
  expect((await parseFirst(body)).errorCode).toBe(error);
};

describe('an OAuth endpoint', () => {
  it.each<[string, InjectOptions, number, string]>([
    [
      'a registration that is no JSON',
      { method: 'POST', url: '/oauth/register', headers: json, body: '{' },
      400,
      'invalid_request',
    ],
    [
      'a registration that is a form',
      { method: 'POST', url: '/oauth/register', headers: form, body: 'a=b' },
      400,
      'invalid_request',
    ],
    [
      'a token request that is JSON',
      { method: 'POST', url: '/oauth/token', headers: json, body: '{}' },
      400,
      'invalid_request',
    ],
    [
      'a body that is too large',
      { method: 'POST', url: '/oauth/token', headers: form, body: `a=${'b'.repeat(70_000)}` },
      400,
      'invalid_request',
    ],
    [
      'a body far too large',
      { method: 'POST', url: '/oauth/token', headers: form, body: `a=${'b'.repeat(2_000_000)}` },
      400,
      'invalid_request',
    ],
    [
      'a grant type there is none',
      { method: 'POST', url: '/oauth/token', headers: form, body: 'grant_type=password&client_id=x' },
      401,
      'invalid_client',
    ],
    [
      'an endpoint there is none',
      { method: 'POST', url: '/oauth/nothing', headers: form, body: '' },
      404,
      'invalid_request',
    ],
    ['a URL that is malformed', { method: 'GET', url: '/oauth/%zz' }, 400, 'invalid_request'],
    [
      'a method there is none',
      { method: 'PUT', url: '/oauth/token', headers: form, body: 'a=b' },
      405,
      'invalid_request',
    ],
    [
      'DELETE of the metadata',
      { method: 'DELETE', url: '/.well-known/oauth-authorization-server' },
      405,
      'invalid_request',
    ],
    [
      'another host',
      { method: 'POST', url: '/oauth/token', headers: { ...form, host: 'evil.example' }, body: '' },
      403,
      'invalid_request',
    ],
    [
      'another origin',
      { method: 'POST', url: '/oauth/token', headers: { ...form, origin: 'https://evil.example' }, body: '' },
      403,
      'invalid_request',
    ],
  ])('answers %s in the shape of RFC 6749', (_what, request, status, error) => expectOauth(request, status, error));

  it('answers too many requests so too, with the seconds to wait and the setting', async () => {
    const request: InjectOptions = {
      method: 'POST',
      url: '/oauth/token',
      headers: form,
      remoteAddress: '10.9.9.9',
      body: '',
    };
    for (let at = 0; at < 200; at++) await ask(request);
    await expectOauth(request, 429, 'temporarily_unavailable');
    const { headers, body } = await ask(request);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(body).toMatch(/wait \d+ s.*ADDRESS_REQUESTS_PER_SECOND/);
  });

  it('answers too many registrations so too, counted for the whole IPv6 /64', async () => {
    const body = JSON.stringify({ redirect_uris: ['http://127.0.0.1:1/cb'] });
    const from = (remoteAddress: string): InjectOptions => ({
      method: 'POST',
      url: '/oauth/register',
      headers: json,
      remoteAddress,
      body,
    });
    for (const address of ['2001:db8::1', '2001:db8::2']) expect((await ask(from(address))).statusCode).toBe(201);
    await expectOauth(from('2001:db8::3'), 429, 'temporarily_unavailable');
    expect((await ask(from('2001:db8::4'))).body).toMatch(/wait \d+ s.*CLIENT_REGISTRATIONS_PER_HOUR/);
    // A slash at the end is no way around it.
    expect((await ask({ ...from('2001:db8::5'), url: '/oauth/register/' })).statusCode).toBe(429);
    expect((await ask(from('2001:db8:0:1::1'))).statusCode).toBe(201);
  });
});
