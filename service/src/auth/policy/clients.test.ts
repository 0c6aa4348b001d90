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
    [['vscode://vscode.github-authentication/did-authenticate'], 'native'],
    [['claude://oauth', 'windsurf://oauth', 'zed://oauth', 'goose://oauth', 'editor://auth'], 'native'],
    [['com.example.app:/callback', 'dev.warp.oauth:/cb', 'com.googleusercontent.apps.123:/cb'], 'native'],
  ])('takes %j for %s', (redirect_uris, type) => {
    expect(checked({ redirect_uris }).application_type).toBe(type);
  });

  it.each([
    [['http://192.168.0.1/cb']],
    [['http://localhost.evil.example/cb']],
    [['http://127.0.0.1.evil.example/cb']],
    [['https://user@a.example/cb']],
    [['/relative']],
    ...[
      'ms-msdt:/id',
      'ms-settings:x',
      'ms-word:ofe|u|x',
      'search-ms:query=x',
      'intent://scan/#Intent;end',
      'mailto:a@b.example',
      'jar:https://a.example/x.jar!/',
      'ftp://a.example/',
      'ws://a.example/',
      'wss://a.example/',
      'file:///etc/passwd',
      'data:text/html,x',
      'javascript:alert(1)',
      'JavaScript:alert(1)',
      'vbscript:x',
      'about:blank',
      'blob:https://a.example/x',
      'tel:+123',
      'sms:+123',
      'facetime:x',
      'chrome://settings',
      'moz-extension://x/',
      'x-apple.systempreferences:com.apple.preference.security',
      'itms-services://?action=download-manifest',
      'microsoft.windows.camera:',
      'com.apple.preferences:x',
      'web+app:x',
      'shell:startup',
      'c:/windows/x',
      'ldap://a.example/',
      'ssh://a.example/',
    ].map((uri) => [['https://a.example/cb', uri]]),
    [[`https://a.example/${'x'.repeat(2000)}`]],
    ['https://a.example/cb'],
    [[]],
  ])('refuses %j', (...[redirect_uris]: unknown[]) => {
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

describe('what a client may leave out, and what is left out of it', () => {
  it('takes empty optional members for absent', () => {
    const nothing = Object.fromEntries(
      ['client_name', 'grant_types', 'response_types', 'token_endpoint_auth_method', 'jwks', 'jwks_uri'].flatMap(
        (member, index) => [[member, [null, '', [], {}][index % 4]]],
      ),
    );
    expect(checked({ ...nothing, logo_uri: null, contacts: [], software_id: '' })).toEqual({
      redirect_uris: ['http://127.0.0.1/cb'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    });
  });

  it('hands no secret to a client that names no method', () => {
    const secret = { client_secret: 'x', client_secret_expires_at: 0 };
    for (const token_endpoint_auth_method of [undefined, null, '', 'tls_client_auth'])
      expect(checked({ ...secret, token_endpoint_auth_method })).not.toHaveProperty('client_secret');
    expect(checked({ ...secret, token_endpoint_auth_method: 'client_secret_basic' })).toMatchObject(secret);
  });

  it.each([
    [
      { grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'] },
      { grant_types: ['authorization_code', 'refresh_token'] },
    ],
    [{ grant_types: ['refresh_token', 'implicit'] }, { grant_types: ['authorization_code', 'refresh_token'] }],
    [{ response_types: ['code', 'token', 'id_token code'] }, { response_types: ['code'] }],
    [{ token_endpoint_auth_method: 'client_secret_jwt' }, { token_endpoint_auth_method: 'none' }],
    [{ token_endpoint_auth_method: 'client_secret_post' }, { token_endpoint_auth_method: 'client_secret_post' }],
  ])('keeps of %j what is supported', (asked, kept) => {
    expect(checked(asked)).toMatchObject(kept);
  });

  it.each([{ grant_types: ['client_credentials'] }, { response_types: ['token'] }])(
    'refuses %j, of which nothing is',
    (asked) => {
      expect(() => checked(asked)).toThrow();
    },
  );

  it('forgets what means nothing here', () => {
    const asked = {
      unknown: 1,
      contacts: ['a@b.example'],
      software_version: '1',
      id_token_signed_response_alg: 'RS256',
      default_max_age: 'soon',
      'client_name#de': 'Klient',
    };
    for (const member of Object.keys(asked)) expect(checked(asked)).not.toHaveProperty(member);
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
