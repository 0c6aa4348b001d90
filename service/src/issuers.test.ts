import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkIssuers } from './issuers.ts';

describe('the issuers of the configuration', () => {
  let own = '';
  let path = '/.well-known/openid-configuration';
  let url = '';
  const warned: unknown[] = [];
  const log = { warn: (about: unknown) => void warned.push(about) };
  const server = createServer((request, response) => {
    if (request.url !== path) return void response.writeHead(404).end();
    response.end(JSON.stringify({ issuer: own }));
  });
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    warned.length = 0;
    path = '/.well-known/openid-configuration';
  });
  const check = (variables: { AUTH_ISSUER?: string; SSO_ISSUER?: string }) =>
    checkIssuers({ AUTH_ISSUER: undefined, SSO_ISSUER: undefined, ...variables }, log);

  it.each([
    ['', '/'],
    ['/', ''],
    ['/realms/a', '/realms/a/'],
    ['/realms/a/', '/realms/a'],
  ])('AUTH_ISSUER with the path "%s" of an issuer with "%s" is refused with the value to set', async (given, named) => {
    own = url + named;
    path = `${given.replace(/\/$/, '')}/.well-known/openid-configuration`;
    await expect(check({ AUTH_ISSUER: url + given })).rejects.toThrow(`Set AUTH_ISSUER=${own}`);
  });

  it('is also looked at where only OAuth metadata are served', async () => {
    own = `${url}/`;
    path = '/.well-known/oauth-authorization-server';
    await expect(check({ AUTH_ISSUER: url })).rejects.toThrow(`Set AUTH_ISSUER=${own}`);
  });

  it('SSO_ISSUER may leave out the slash of an address without a path, and no other', async () => {
    own = `${url}/`;
    await check({ SSO_ISSUER: url });
    own = `${url}/tenant/`;
    path = '/tenant/.well-known/openid-configuration';
    await expect(check({ SSO_ISSUER: `${url}/tenant` })).rejects.toThrow(`Set SSO_ISSUER=${own}`);
  });

  it('start the service when they are right, away, or none', async () => {
    own = url;
    await check({ AUTH_ISSUER: url, SSO_ISSUER: url });
    await check({});
    path = '/nowhere';
    await check({ AUTH_ISSUER: url });
    await check({ AUTH_ISSUER: 'http://127.0.0.1:1' });
    expect(warned).toEqual([]);
  });

  it('are named in the log when they call themselves by another name', async () => {
    own = 'https://elsewhere.example';
    await check({ AUTH_ISSUER: url });
    expect(warned).toEqual([{ variable: 'AUTH_ISSUER', given: url, own }]);
  });
});
