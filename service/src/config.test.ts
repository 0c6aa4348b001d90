import { atPort, ConfigError, parseConfig } from './config.ts';

/** With one pack, because each has an upstream of its own that must be real outside the sandbox. */
const problemsOf = (variables: Record<string, string>): string[] => {
  try {
    parseConfig({ TOOL_PACKS: 'tagging', ...variables });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((p) => p.variable);
  }
};

const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:countersign/prod/keys-AbCdEf:encryption_key';
const httpIssuers = {
  SSO_ISSUER: 'http://sso.example',
  SSO_CLIENT_ID: 'countersign',
  SSO_CLIENT_SECRET: 'a secret',
  AUTH_ISSUER: 'http://auth.example',
  AUTH_JWKS_URL: 'http://auth.example/jwks',
};

const onRds = {
  STORE: 'postgres',
  ENCRYPTION_KEY: 'k'.repeat(32),
  DATABASE_HOST: 'db.example',
  DATABASE_NAME: 'countersign',
  DATABASE_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1a2b-AbCdEf',
  AWS_REGION: 'us-east-1',
};

const company = { SSO_ISSUER: 'https://login.example.com', SSO_CLIENT_ID: 'a' };

describe('parseConfig', () => {
  it('needs nothing for the embedded default and stays on loopback', () => {
    const config = parseConfig({});
    expect(config).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      STORE: 'embedded',
      ESTATE: 'sandbox',
      PUBLIC_URL: 'http://localhost:3000',
      RESOURCE: 'http://localhost:3000/mcp',
      ISSUER: 'http://localhost:3000',
    });
  });

  it('has demo people, and listens on loopback, only where nobody signs in', () => {
    expect(parseConfig({})).toMatchObject({ DEMO_PEOPLE: true, HOST: '127.0.0.1' });
    expect(parseConfig({ DEMO_PEOPLE: 'true', PORT: '0' })).toMatchObject({ DEMO_PEOPLE: true, HOST: '127.0.0.1' });
    expect(atPort(parseConfig({ PORT: '0' }), 4000)).toMatchObject({ DEMO_PEOPLE: true, HOST: '127.0.0.1' });
    for (const given of [company, { ...company, DEMO_PEOPLE: 'false' }])
      expect(parseConfig(given)).toMatchObject({ DEMO_PEOPLE: false, HOST: '0.0.0.0', ESTATE: 'sandbox' });
  });

  it.each([
    [{ PORT: 'three' }, ['PORT']],
    [{ STORE: 'sqlite', LOG_LEVEL: 'loud' }, ['LOG_LEVEL', 'STORE']],
    [{ STORE: 'postgres' }, ['DATABASE_URL', 'ENCRYPTION_KEY']],
    [{ ...onRds, DATABASE_URL: 'postgres://host/db' }, ['DATABASE_URL']],
    [
      { STORE: 'postgres', ENCRYPTION_KEY: onRds.ENCRYPTION_KEY, DATABASE_HOST: 'db.example' },
      ['DATABASE_NAME', 'DATABASE_SECRET_ARN', 'AWS_REGION'],
    ],
    [{ DATABASE_NAME: 'a', DATABASE_CA_FILE: 'ca.pem' }, ['DATABASE_NAME', 'DATABASE_CA_FILE']],
    [{ ...onRds, DATABASE_SECRET_ARN: 'rds!db-1' }, ['DATABASE_SECRET_ARN']],
    [{ ...onRds, DATABASE_TLS: 'off', DATABASE_CA_FILE: 'ca.pem' }, ['DATABASE_CA_FILE']],
    [
      { ...onRds, DATABASE_TLS: 'off', ENVIRONMENT: 'prod' },
      ['DATABASE_TLS', 'PUBLIC_URL', 'SSO_ISSUER', 'ESTATE', 'OBJECTS_BUCKET'],
    ],
    [{ STORE: 'dynamodb', ENCRYPTION_KEY: 'short' }, ['ENCRYPTION_KEY']],
    [{ ESTATE: 'aws' }, ['AWS_REGION', 'SSO_ISSUER']],
    [{ ENVIRONMENT: 'prod' }, ['PUBLIC_URL', 'SSO_ISSUER', 'ESTATE', 'OBJECTS_BUCKET']],
    [{ DEMO_PEOPLE: 'yes' }, ['DEMO_PEOPLE']],
    [{ DEMO_PEOPLE: 'false' }, ['SSO_ISSUER']],
    [{ DEMO_PEOPLE: 'true', ...company }, ['DEMO_PEOPLE']],
    [{ DEMO_PEOPLE: 'true', ESTATE: 'aws', AWS_REGION: 'us-east-1' }, ['SSO_ISSUER', 'DEMO_PEOPLE']],
    [
      { DEMO_PEOPLE: 'true', ENVIRONMENT: 'prod' },
      ['PUBLIC_URL', 'SSO_ISSUER', 'ESTATE', 'DEMO_PEOPLE', 'OBJECTS_BUCKET'],
    ],
    [
      { ENVIRONMENT: 'prod', ESTATE: 'aws', AWS_REGION: 'us-east-1', PUBLIC_URL: 'http://a.example', ...httpIssuers },
      ['PUBLIC_URL', 'SSO_ISSUER', 'AUTH_ISSUER', 'AUTH_JWKS_URL', 'OBJECTS_BUCKET'],
    ],
    [{ PUBLIC_URL: 'http://localhost:3000/mcp' }, ['PUBLIC_URL']],
    [{ ROLE_MAP: '{"a":["king"]}' }, ['ROLE_MAP']],
    [{ ROLE_MAP: 'a=viewer' }, ['ROLE_MAP']],
    [{ ESTATE_ACCOUNTS: '123' }, ['ESTATE_ACCOUNTS']],
    [{ CLIENT_METADATA_HOSTS: 'none,claude.ai' }, ['CLIENT_METADATA_HOSTS']],
    [{ METRICS_PORT: '3000' }, ['METRICS_PORT']],
    [{ TOOL_PACKS: 'tagging,spying' }, ['TOOL_PACKS']],
    [{ AUTHORIZER_CONTEXT_FROM: '10.0.11.0/24' }, ['AUTHORIZER_CONTEXT_FROM']],
    [{ AUTHORIZER_CONTEXT_FROM: '10.0.0.0/8', TRUSTED_PROXIES: '10.0.0.0/16' }, ['AUTHORIZER_CONTEXT_FROM']],
    [{ AUTHORIZER_CONTEXT_FROM: 'gateway' }, ['AUTHORIZER_CONTEXT_FROM']],
    [{ SECRETS_FROM: 'ENCRYPTION_KEY' }, ['SECRETS_FROM']],
    [{ SECRETS_FROM: '{"ENCRYPTION_KEY":"countersign/keys"}' }, ['SECRETS_FROM']],
    [{ SECRETS_FROM: `{"PORT":"${secretArn}"}` }, ['SECRETS_FROM']],
    [{ SECRETS_FROM: `{"constructor":"${secretArn}"}` }, ['SECRETS_FROM']],
  ])('refuses %j and names %j', (variables, expected) => {
    expect(problemsOf(variables).sort()).toEqual([...expected].sort());
  });

  it.each([onRds, { ...onRds, DATABASE_TLS: 'off', ENVIRONMENT: 'local' }])(
    'takes a database whose password is in a secret: %j',
    (variables) => {
      expect(parseConfig(variables)).toMatchObject({ DATABASE_PORT: 5432, DATABASE_HOST: 'db.example' });
    },
  );

  it('takes an emulator’s database without TLS in any environment', () => {
    const emulated = {
      ...onRds,
      ENVIRONMENT: 'staging',
      DATABASE_TLS: 'off',
      AWS_ENDPOINT_URL: 'http://localhost:5000',
    };
    expect(problemsOf(emulated)).not.toContain('DATABASE_TLS');
  });

  it('never repeats a value in its message', () => {
    const secret = 'postgres://user:hunter2@host/db';
    expect(() => parseConfig({ DATABASE_URL: secret, STORE: 'postgres', PORT: secret })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});
