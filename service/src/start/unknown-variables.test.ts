import { parseConfig } from '../config.ts';
import { unknownVariables } from './unknown-variables.ts';

describe('variables that are not ours', () => {
  it.each([
    ['BUDGET_CALL_PER_HOUR', 'BUDGET_CALLS_PER_HOUR'],
    ['BUGDET_CALLS_PER_HOUR', 'BUDGET_CALLS_PER_HOUR'],
    ['budget_calls_per_hour', 'BUDGET_CALLS_PER_HOUR'],
    ['RATE_LIMIT_PER_MIN', 'RATE_LIMIT_PER_MINUTE'],
    ['APROVE_ON_PAGE_ONLY', 'APPROVE_ON_PAGE_ONLY'],
    ['APPROVE_ON_PAGES_ONLY', 'APPROVE_ON_PAGE_ONLY'],
    ['ENCRYPTIONKEY', 'ENCRYPTION_KEY'],
    ['LOOP_CALL', 'LOOP_CALLS'],
    ['SSO_ISUER', 'SSO_ISSUER'],
    ['TRUSTED_PROXY', 'TRUSTED_PROXIES'],
  ])('%s is named with the one that is meant', (name, nearest) => {
    expect(unknownVariables({ [name]: '1' })).toMatchObject([{ name, nearest }]);
  });

  it.each([
    'BUDGET_CALL_PER_HOUR',
    'BUGDET_CALLS_PER_HOUR',
    'budget_calls_per_hour',
    'APROVE_ON_PAGE_ONLY',
    'ENCRYPTIONKEY',
    'LOOP_CALL',
  ])('%s keeps the service from starting, and its value is not told', (name) => {
    expect(() => parseConfig({ [name]: 'hunter2' })).toThrow(
      new RegExp(`^The service cannot start:\\n  ${name} is no variable of this service: write [A-Z_]+$`),
    );
  });

  it.each(['DATABASE_URI', 'REDIS_URI', 'SSO_PROVIDER', 'COUNTERSIGN_COLOUR', 'AUTH_DOMAIN', 'LOG_LEVELS'])(
    '%s starts all the same: it may be somebody else’s',
    (name) => {
      expect(parseConfig({ [name]: 'x' })).toBeDefined();
    },
  );

  it.each(['SSO_PROVIDER', 'COUNTERSIGN_COLOUR', 'AUTH_DOMAIN', 'REDIS_URI'])('%s is named', (name) => {
    expect(unknownVariables({ [name]: 'x' })).toMatchObject([{ name, surely: false }]);
  });

  const common = `HOME PATH PWD OLDPWD SHLVL SHELL TERM USER LOGNAME LANG LC_ALL LC_CTYPE TZ EDITOR HOSTNAME HOSTTYPE
    PORTS POST HOSTS STORES _ TMPDIR DISPLAY SSH_AUTH_SOCK SSH_CONNECTION XDG_DATA_DIRS XDG_SESSION_ID COLORTERM
    DBUS_SESSION_BUS_ADDRESS MANPATH INFOPATH NVM_DIR NODE_ENV NODE_OPTIONS NODE_PATH npm_config_cache
    npm_package_name npm_lifecycle_event CI GITHUB_ACTIONS GITHUB_TOKEN RUNNER_OS JEST_WORKER_ID FORCE_COLOR
    AWS_PROFILE AWS_DEFAULT_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_REGIONS
    AWS_EXECUTION_ENV AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_ENDPOINT_URL_S3 AWS_LAMBDA_FUNCTION_NAME
    ECS_CONTAINER_METADATA_URI_V4 ECS_AGENT_URI OTEL_SERVICE_NAME OTEL_TRACES_SAMPLER OTEL_EXPORTER_OTLP_HEADERS
    DATABASE_USER DATABASE_PASSWORD REDIS_HOST REDIS_PORT REDIS_PORT_6379_TCP_ADDR LOG_FORMAT KUBERNETES_SERVICE_HOST
    KUBERNETES_PORT_443_TCP AUTH_SERVICE_HOST AUTH_PORT_80_TCP SSO_PORT DYNO PGHOST PGUSER WEB_CONCURRENCY
    RAILWAY_ENVIRONMENT VERCEL_URL FLY_REGION K_SERVICE WEBSITE_SITE_NAME INVOCATION_ID JOURNAL_STREAM`;
  it.each(common.split(/\s+/))('%s, which shells and platforms set, is nothing to speak of', (name) => {
    expect(unknownVariables({ [name]: 'x' }).filter(({ surely }) => surely)).toEqual([]);
    expect(unknownVariables({ [name]: 'x' })).toEqual([]);
  });
});

describe('a sandbox on the network', () => {
  it.each(['0.0.0.0', '::', '192.168.0.7', 'my-laptop', '[::]', '127.0.0.1.example.com'])(
    'at %s is refused',
    (HOST) => {
      expect(() => parseConfig({ HOST })).toThrow(/^ {2}HOST must be 127\.0\.0\.1, .*SANDBOX_ON_NETWORK=true/m);
      expect(parseConfig({ HOST, SANDBOX_ON_NETWORK: 'true' }).HOST).toBe(HOST);
      expect(parseConfig({ HOST, SSO_ISSUER: 'https://login.example.com', SSO_CLIENT_ID: 'a' }).HOST).toBe(HOST);
    },
  );

  it.each(['127.0.0.1', '127.0.0.53', 'localhost', '::1'])('at %s, which is this machine, is not', (HOST) => {
    expect(parseConfig({ HOST }).HOST).toBe(HOST);
  });
});
