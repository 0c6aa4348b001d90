import { openLogger } from './logger.ts';

const lines: string[] = [];
const log = openLogger({ LOG_LEVEL: 'debug', ENVIRONMENT: 'local' }, { write: (line) => void lines.push(line) });

const written = (write: () => void): { text: string; json: Record<string, unknown> } => {
  lines.length = 0;
  write();
  expect(lines).toHaveLength(1);
  const text = lines[0] ?? '';
  expect(text.trimEnd()).not.toContain('\n');
  return { text, json: JSON.parse(text) as Record<string, unknown> };
};

const secret = 's3cr3t-Value_0123456789';
const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ';

it('names the colour of a task of two colours in every line', () => {
  const told: string[] = [];
  const settings = { LOG_LEVEL: 'info', ENVIRONMENT: 'prod', DEPLOYMENT_COLOUR: 'green' } as const;
  openLogger(settings, { write: (line) => void told.push(line) }).info('listening');
  expect(JSON.parse(told[0] ?? '')).toMatchObject({ environment: 'prod', colour: 'green' });
  expect(written(() => log.info('listening')).json).not.toHaveProperty('colour');
});

describe('openLogger', () => {
  const cases: [name: string, fields: object, message?: string][] = [
    ['an authorization header', { headers: { Authorization: `Bearer ${secret}` } }],
    ['a header in raw form', {}, `sent Authorization: Bearer ${secret}`],
    ['basic authentication', {}, `Basic ${Buffer.from(`a:${secret}`).toString('base64')}`],
    ['a Google token', { deep: [{ er: { 'x-google-oauth-token': secret } }] }],
    ['cookies', { cookie: `session=${secret}`, 'set-cookie': [`session=${secret}; HttpOnly`, `b=${secret}`] }],
    ['cookies with a bracket in them', { 'set-cookie': ['a=]', `session=${secret}`] }],
    ['tokens of an OAuth answer', { access_token: secret, refresh_token: secret, refreshToken: secret }],
    ['an OAuth answer that was kept as text', { body: JSON.stringify({ refresh_token: secret, expires_in: 3600 }) }],
    ['an authorization code in a URL', { location: `http://localhost:1/cb?code=${secret}&iss=x` }],
    ['a code exchange', {}, `grant_type=authorization_code&code=${secret}&code_verifier=${secret}`],
    ['an API key in a URL', { url: `https://api.example/v1?units=m&apikey=${secret}` }, `https://a/?api_key=${secret}`],
    ['a signed URL', { url: `https://b.s3.amazonaws.com/o?X-Amz-Signature=${secret}&X-Amz-Security-Token=${secret}` }],
    ['a database URL', {}, `connect postgres://countersign:${secret}@db:5432/x failed`],
    ['a secret with quotes in it', { password: `${secret}"\\${secret}` }],
    ['the cause of an error', { err: new Error('a', { cause: new Error(`GET /cb?code=${secret}`) }) }],
    ['an AWS secret key', { credentials: { secretAccessKey: secret, sessionToken: secret } }],
  ];
  it.each(cases.map(([name, fields, message = '']) => ({ name, fields, message })))(
    'takes out $name',
    ({ fields, message }) => {
      const { text } = written(() => log.info(fields, message));
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(`a:${secret}`).toString('base64'));
      expect(text).toContain('[redacted]');
    },
  );

  it('takes out a token wherever it stands', () => {
    const { text } = written(() => log.child({ note: jwt }).warn({ list: [jwt] }, `got ${jwt}.`));
    expect(text).not.toContain('c2lnbmF0dXJl');
    expect(text).not.toContain('eyJzdWIi');
  });

  it('keeps what is no secret', () => {
    const { json } = written(() =>
      log.info(
        { code: 'store_unavailable', key: 'CostCenter', tokens: 3, state: 'applied', err: { code: 'ECONNREFUSED' } },
        'scanned 3 accounts; tag key=none',
      ),
    );
    expect(json).toMatchObject({
      level: 'info',
      service: 'countersign',
      code: 'store_unavailable',
      key: 'CostCenter',
      tokens: 3,
      state: 'applied',
      err: { code: 'ECONNREFUSED' },
    });
  });

  it('logs a request without its query string and its headers', () => {
    const req = { method: 'GET', url: `/sign-in/callback?code=${secret}`, ip: '10.0.0.1', headers: { cookie: secret } };
    const { text, json } = written(() => log.info({ req }, 'answered'));
    expect(json.req).toEqual({ method: 'GET', path: '/sign-in/callback', ip: '10.0.0.1' });
    expect(text).not.toContain(secret);
  });

  it('lets no value start a line, move a cursor or turn the reading direction', () => {
    const forged = 'a\n{"level":"info","msg":"approved"}\r\u001b[2Jb\u009b31mc\u202ed\u2028e\u007f';
    const { text, json } = written(() => log.info({ forged }, forged));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what is tested
    expect(text.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
    expect(json.forged).toBe(forged);
  });

  it('takes linear time over a long hostile line', () => {
    const hostile = `${'a:b@'.repeat(20_000)}${'\\"password\\":'.repeat(20_000)}${' code'.repeat(20_000)}${'eyJhbGci-'.repeat(20_000)}`;
    const started = performance.now();
    written(() => log.info(hostile));
    expect(performance.now() - started).toBeLessThan(500);
  });
});
