import { checkClient, shownClient } from './clients.ts';

const checked = (metadata: Record<string, unknown>) => {
  const copy = { redirect_uris: ['http://127.0.0.1/cb'], ...metadata };
  checkClient(copy);
  return copy as Record<string, unknown>;
};

describe('checkClient', () => {
  it.each([
    [['https://a.example/cb'], 'web'],
    [['http://127.0.0.1:33418/', 'https://vscode.dev/redirect'], 'native'],
    [['http://localhost/cb'], 'native'],
    [['http://[::1]:80/cb'], 'native'],
    [['cursor://auth/callback'], 'native'],
  ])('takes %j for %s', (redirect_uris, type) => {
    expect(checked({ redirect_uris }).application_type).toBe(type);
  });

  it.each([
    [['http://192.168.0.1/cb']],
    [['http://localhost.evil.example/cb']],
    [['http://127.0.0.1.evil.example/cb']],
    [['https://user@a.example/cb']],
    [['/relative']],
    [[`https://a.example/${'x'.repeat(2000)}`]],
    ['https://a.example/cb'],
    [[]],
  ])('refuses %j', (redirect_uris) => {
    expect(() => checked({ redirect_uris })).toThrow();
  });

  it.each([
    ['Claude', 'Claude'],
    ['Ağent 2.0 (beta)', 'Ağent 2.0 (beta)'],
    ['<img src=x onerror=alert(1)>', 'img srcx onerroralert(1)'],
    ['\u202eevil\u0000\n', 'evil'],
    ['💣', 'Unnamed'],
    ['x'.repeat(500), 'x'.repeat(60)],
    [42, 'Unnamed'],
  ])('cleans the name %j', (client_name, expected) => {
    expect(checked({ client_name }).client_name).toBe(expected);
  });

  it('forgets a scope, which would freeze what may be asked for later', () => {
    expect(checked({ scope: 'tag:read' })).not.toHaveProperty('scope');
  });
});

describe('shownClient', () => {
  it.each([
    ['http://127.0.0.1:7777/cb', 'this computer'],
    ['http://localhost/cb', 'this computer'],
    ['https://claude.ai/api/mcp/auth_callback', 'claude.ai'],
    ['https://localhost.evil.example/cb', 'localhost.evil.example'],
    ['cursor://anysphere/callback', 'anysphere'],
    ['com.example.app:/callback', 'com.example.app'],
  ])('says that %s leads to %s', (redirectUri, host) => {
    expect(shownClient({ clientId: 'x', clientName: 'X' }, redirectUri).host).toBe(host);
  });
});
