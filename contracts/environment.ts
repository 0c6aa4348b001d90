/**
 * The environment of the service's container: every variable, its meaning, unit, bounds and default.
 * The platform derives the task definition and the secret grants; the service derives its parsed configuration and
 * refuses to start on anything else; docs/configuration.md is generated from it.
 */

import { z } from 'zod';
import { accessTokenTypes } from './access-token.ts';
import { regionName } from './aws.ts';
import { LONGEST_WAIT_SECONDS } from './calls.ts';
import { OriginHashes } from './gateway.ts';
import { NoticeChannels } from './notices.ts';
import { merged, packNames, packs } from './packs/index.ts';
import type { PackContract } from './packs/pack.ts';
import { type Role, roleNames } from './scopes.ts';
import { isTimeZone, timeZoneError } from './time-zone.ts';
import { choice, flag, integer, json, list, secret, text, url, type VariableContract, variable } from './variable.ts';

const coreEnvironment = {
  // Where it listens and who it is
  ENVIRONMENT: variable(
    z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/, 'must be 1 to 24 lower-case letters, digits and hyphens')
      .default('local'),
    {
      description:
        'What the environment is called, in every log line and trace. local may use the sandbox and plain http; no other may.',
      example: 'eu-prod',
    },
  ),
  DEPLOYMENT_COLOUR: variable(z.enum(['blue', 'green'], { error: 'must be blue or green' }).optional(), {
    description:
      'Which of two colours behind one load balancer this task is of: /health, log lines, metrics in embedded format and the leases of applies name it. Unset where there is one.',
    example: 'blue | green',
  }),
  PORT: integer({ description: 'TCP port of the service.', default: 3000, min: 0, max: 65535 }),
  HOST: text({
    description:
      'Address to listen on. Default 127.0.0.1 with demo people, as whoever reaches it may be any of them, else 0.0.0.0.',
    example: '0.0.0.0',
  }),
  SANDBOX_ON_NETWORK: flag({
    description:
      'Lets HOST be another address than this machine’s own without SSO_ISSUER. Whoever reaches it may then act as any demo person: only behind something that keeps others out.',
    default: false,
  }),
  METRICS_PORT: integer({
    description: 'TCP port of the Prometheus endpoint /metrics, on its own listener. 0 turns it off.',
    default: 0,
    min: 0,
    max: 65535,
  }),
  PUBLIC_URL: url({
    description:
      'The origin people and clients type, without a path. The issuer, the resource, links and Host checks derive from it. Default http://localhost:PORT.',
    example: 'https://mcp.example.com',
  }),
  ALLOWED_ORIGINS: list({
    description: 'Browser origins besides PUBLIC_URL that may call /mcp, comma separated.',
    example: 'https://claude.ai',
  }),
  TRUSTED_PROXIES: list({
    description: 'Addresses or CIDR blocks of load balancers whose X-Forwarded-For is believed, comma separated.',
    example: '10.0.0.0/16',
  }),
  AUTHORIZER_CONTEXT_FROM: list({
    description:
      'CIDR blocks of the VPC link of an API Gateway whose authorizer’s word about callers (x-countersign- headers) is taken into the audit log, comma separated. Empty: nobody’s.',
    example: '10.0.11.0/24,10.0.12.0/24',
    item: /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/,
    itemError: 'must be IPv4 CIDR blocks such as 10.0.11.0/24',
  }),
  LOG_LEVEL: choice({
    description: 'Least severe log line that is written.',
    values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
  }),
  KEEP_ALIVE_SECONDS: integer({
    description:
      'Seconds an idle connection is kept open. Longer than the idle timeout of the load balancer in front, which otherwise sends a request into a connection that just closed and answers 502.',
    default: 72,
    min: 1,
    max: 4005,
  }),
  SHUTDOWN_DELAY_SECONDS: integer({
    description:
      'Seconds after SIGTERM in which requests are served as before while /ready answers 503, so that load balancers send them elsewhere. At least interval x unhealthy threshold of the health check, and 5 more. With the grace at most 115.',
    default: 0,
    min: 0,
    max: 115,
  }),
  SHUTDOWN_GRACE_SECONDS: integer({
    description:
      'Seconds after that delay in which running requests may finish; new connections are refused. Keep both together below the stop timeout.',
    default: 25,
    min: 0,
    max: 115,
  }),
  LONGEST_WAIT_SECONDS: integer({
    description:
      'Longest time wait_for_operation keeps a call open. Below the time-out of whatever stands before the service: an HTTP API ends a call at 30 s.',
    default: LONGEST_WAIT_SECONDS,
    min: 1,
    max: LONGEST_WAIT_SECONDS,
  }),

  TIME_ZONE: variable(z.string().refine(isTimeZone, timeZoneError).default('UTC'), {
    description: 'Time zone in which pages show times beside UTC, by its name in the IANA database.',
    example: 'Europe/Berlin',
  }),

  // What it does
  TOOL_PACKS: list({
    description: 'Tool packs to serve, comma separated.',
    default: packNames,
    item: new RegExp(`^(${packNames.join('|')})$`),
    itemError: `names an unknown pack; known: ${packNames.join(', ')}`,
    example: packNames.join(','),
  }),

  // State
  STORE: choice({
    description: 'Where state is kept: an embedded PostgreSQL in DATA_DIR, a PostgreSQL server, or DynamoDB.',
    values: ['embedded', 'postgres', 'dynamodb'],
    default: 'embedded',
  }),
  DATA_DIR: variable(z.string().min(1).default('./data'), {
    description: 'Folder of the embedded store. One process at a time.',
    example: './data',
  }),
  DATABASE_URL: secret({
    pattern: /^postgres(ql)?:\/\//,
    patternError: 'must be like postgres://user:password@host:5432/name',
    description: 'PostgreSQL connection string, for STORE=postgres without DATABASE_HOST.',
    example: 'postgres://user:password@host:5432/countersign?sslmode=verify-full',
  }),
  DATABASE_HOST: text({
    description:
      'Host of the PostgreSQL server, for STORE=postgres with a password that rotates: user and password are read from DATABASE_SECRET_ARN.',
    example: 'countersign.abc123.us-east-1.rds.amazonaws.com',
  }),
  DATABASE_PORT: integer({ description: 'TCP port of DATABASE_HOST.', default: 5432, min: 1, max: 65535 }),
  DATABASE_NAME: text({ description: 'Name of the database at DATABASE_HOST.', example: 'countersign' }),
  DATABASE_SECRET_ARN: variable(
    z
      .string()
      .regex(/^arn:aws[\w-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+$/, 'must be the ARN of a secret')
      .optional(),
    {
      description:
        'Secret in Secrets Manager with the JSON keys username and password, as RDS keeps and rotates it. Read again when a connection is opened, so a new password needs no restart.',
      example: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1a2b3c-AbCdEf',
    },
  ),
  DATABASE_TLS: choice({
    description:
      'verify-full: TLS to DATABASE_HOST, whose certificate must be valid for that name. off: none, for an emulator.',
    values: ['verify-full', 'off'],
    default: 'verify-full',
  }),
  DATABASE_CA_FILE: text({
    description:
      'PEM file with the certificate authorities that DATABASE_HOST’s certificate may come from. Default: those of Node.js, which do not include the one of RDS.',
    example: '/app/rds-global-bundle.pem',
  }),
  TABLE_PREFIX: variable(
    z
      .string()
      .regex(/^[a-zA-Z0-9_.-]{0,80}$/, 'may hold letters, digits, _ . -')
      .default('countersign-'),
    {
      description: 'Prefix of the DynamoDB table names, for STORE=dynamodb.',
      example: 'marketing-mcp-',
    },
  ),
  DYNAMODB_ENDPOINT: url({
    description: 'DynamoDB endpoint other than the region’s own, for an emulator.',
    example: 'http://localhost:8000',
  }),
  HOME_REGION: text({
    description:
      'Region that may write until `npm run failover` moved the home. With it this service is one of several over tables that are copied between regions: it writes while its region is the home and only reads otherwise.',
    example: 'us-east-1',
  }),
  HOME_REGIONS: list({
    description:
      'Every region that this service runs in, comma separated: the home record is read in each, to notice a move at once. Its table is `<TABLE_PREFIX>home` in DynamoDB, whatever STORE is.',
    item: regionName,
    itemError: 'must be region names such as eu-west-1',
    example: 'us-east-1,eu-west-1',
  }),
  REDIS_URL: secret({
    pattern: /^rediss?:\/\//,
    patternError: 'must be like redis://host:6379, or rediss:// for TLS',
    description:
      'Redis or Valkey for rate-limit windows and caches that all tasks share. Without it each task has its own.',
    example: 'rediss://:token@host:6379',
  }),
  ENCRYPTION_KEY: secret({
    description:
      'At least 32 random characters that cookies, request state and stored signing keys are protected with. Generated into DATA_DIR for STORE=embedded.',
    minLength: 32,
    example: 'openssl rand -base64 48',
  }),
  CREDENTIALS_KEYS: variable(
    z
      .string()
      .transform((value) => value.split(/[\s,]+/).filter((key) => key !== ''))
      .pipe(
        z
          .array(z.string().min(32, 'must be keys of at least 32 random characters, joined by commas'))
          .min(1, 'must be at least one key'),
      )
      .optional(),
    {
      description:
        'Keys that seal the refresh tokens of accounts which people connected, joined by commas. The first one seals, all of them open: to rotate, put a new one first. Without it the key is derived from ENCRYPTION_KEY, with STORE=embedded only.',
      example: 'openssl rand -base64 48',
    },
    true,
  ),

  // Who may call
  AUTH_ISSUER: url({
    description:
      'An outside OAuth issuer to trust. With it the service is a resource server only and embeds no authorization server.',
    example: 'https://login.example.com',
  }),
  AUTH_JWKS_URL: url({
    description: 'Keys of AUTH_ISSUER. Default: the jwks_uri of its metadata.',
    example: 'https://login.example.com/jwks',
  }),
  AUTH_TOKEN_TYPE: choice({
    description:
      'What the typ of AUTH_ISSUER’s access tokens must be. JWT also takes JWT and none, for an issuer that does not follow RFC 9068.',
    values: accessTokenTypes,
    default: 'at+jwt',
  }),
  DEMO_PEOPLE: variable(
    z
      .enum(['true', 'false'], { error: 'must be true or false' })
      .transform((value) => value === 'true')
      .optional(),
    {
      description:
        'Whether people pick a demo person instead of signing in, under a banner that says so. Default: true with ENVIRONMENT=local and without SSO_ISSUER, else false. Never beside a pack that acts on something real.',
      example: 'true | false',
    },
  ),
  SSO_ISSUER: url({
    description:
      "The company's OpenID Connect provider that people sign in with. Without it people pick a demo person: see DEMO_PEOPLE.",
    example: 'https://login.example.com',
  }),
  SSO_CLIENT_ID: text({ description: 'Client id registered at SSO_ISSUER.', example: 'countersign' }),
  SSO_CLIENT_SECRET: secret({
    description:
      'Client secret registered at SSO_ISSUER. Without it the service is a public client there, and PKCE alone protects its codes.',
    example: 'from Secrets Manager',
  }),
  SSO_SCOPES: list({
    description: 'Scopes asked of SSO_ISSUER.',
    default: ['openid', 'email', 'profile'],
    example: 'openid,email,profile,groups',
  }),
  OWNER_CLAIM: text({
    description:
      'Claim of tokens and ID tokens that names the human behind a subject, such as an employee number. Needed where AUTH_ISSUER and SSO_ISSUER differ: without it nobody who is known from one approves for somebody known from the other.',
    example: 'employee_id',
  }),
  TEAM_CLAIM: text({
    description:
      'Claim of tokens and ID tokens that names a person’s team or agency. Who holds a pack’s approve scope decides requests of their own team for access to accounts. Without it only admins decide them.',
    example: 'custom:agency',
  }),
  TOKEN_CLAIMS: list({
    description:
      'Claims of ID tokens that are copied into the access tokens of their people, where they are text, comma separated: for the authorizer in front of the service, which lets nobody through without one.',
    item: /^(?!(iss|sub|aud|exp|nbf|iat|jti|scope|client_id|gid|auth_time|roles|cnf|acr|amr)$)[\w:./-]{1,128}$/,
    itemError: 'must be names of claims, and none that our own tokens have already',
    example: 'custom:employeeId,custom:agency',
  }),
  ROLES_CLAIM: variable(z.string().min(1).default('groups'), {
    description: 'Claim of the ID token (or of AUTH_ISSUER’s access token) that lists a person’s groups.',
    example: 'cognito:groups',
  }),
  ROLE_MAP: variable(
    json(
      z.record(z.string(), z.array(z.enum(roleNames as [Role, ...Role[]])), {
        error: `must map a group to a list of roles (${roleNames.join(', ')})`,
      }),
      'must be JSON such as {"finops-admins":["admin"]}',
    ).default({}),
    {
      description: 'JSON object from a group to the roles it gives.',
      example: '{"finops":["analyst"],"leads":["approver"]}',
    },
  ),
  READ_TOKEN_SECONDS: integer({
    description: 'Life of an access token with read scopes only, in seconds.',
    default: 3600,
    min: 60,
    max: 3600,
  }),
  ELEVATED_TOKEN_SECONDS: integer({
    description: 'Life of an access token with an elevated scope, and of a raise made on the page, in seconds.',
    default: 900,
    min: 60,
    max: 900,
  }),
  REFRESH_TOKEN_DAYS: integer({ description: 'Life of a refresh token, in days.', default: 30, min: 1, max: 90 }),
  REFRESH_GRACE_SECONDS: integer({
    description:
      'Seconds in which a refresh token that was just rotated still yields its one successor, for clients that refresh in parallel or lose an answer. 0: never.',
    default: 10,
    min: 0,
    max: 60,
  }),
  KEY_ROTATION_DAYS: integer({
    description: 'Age at which a new signing key takes over, in days.',
    default: 90,
    min: 1,
    max: 365,
  }),
  CLIENT_REGISTRATIONS_PER_HOUR: integer({
    description:
      'Dynamic client registrations per hour from one address (of IPv6: one /64), and twenty times as many from all of them together. A company behind one address needs one per person and app.',
    default: 500,
    min: 0,
    max: 100_000,
  }),
  ADDRESS_REQUESTS_PER_SECOND: integer({
    description:
      'Requests per second of one address (of IPv6: one /64) to each route without a token, averaged over ten seconds: sign-in, consent, the OAuth endpoints, metadata, pages. A whole company may share one address.',
    default: 300,
    min: 1,
    max: 100_000,
  }),
  CLIENT_METADATA_HOSTS: list({
    description:
      'Hosts whose client id metadata documents are read. Empty: any public host. none: they are switched off and clients register instead, for a service that cannot reach the internet.',
    example: 'claude.ai,vscode.dev',
  }),

  // How much, and who countersigns
  RATE_LIMIT_PER_MINUTE: integer({
    description: 'Requests per minute of one person through one client.',
    default: 600,
    min: 1,
    max: 1_000_000,
  }),
  BUDGET_CALLS_PER_HOUR: integer({
    description: 'Tool calls per hour of one person through one client; dry runs do not count.',
    default: 100,
    min: 1,
    max: 100_000_000,
  }),
  LOOP_CALLS: integer({
    description:
      'Identical tool calls allowed in 300 seconds; the next one is refused. Looking at operations and the audit log may be repeated.',
    default: 3,
    min: 1,
    max: 100_000_000,
  }),
  CLARIFY: choice({
    description:
      'limits: a scan asks which types and regions are meant only when its estimate is over MAX_RESOURCES_WITHOUT_APPROVAL. always: whenever they are missing. What is assumed is told and logged either way.',
    values: ['limits', 'always'],
    default: 'limits',
  }),
  CLARIFY_TOOLS: list({
    description: 'Tools for which CLARIFY=always holds, whatever CLARIFY says.',
    item: /^[a-z][a-z0-9_]{2,63}$/,
    itemError: 'must be names of tools',
    example: 'get_audit_log,get_operation',
  }),
  MAX_RESOURCES_WITHOUT_APPROVAL: integer({
    description: 'Resources one scan may read without being confirmed.',
    default: 500,
    min: 1,
    max: 1_000_000,
  }),
  MAX_COST_WITHOUT_APPROVAL: variable(
    z
      .string()
      .regex(/^\d{1,6}(\.\d{1,2})?$/, 'must be US dollars such as 0.50')
      .default('0.50'),
    {
      description:
        'US dollars that the upstream requests of one call may be charged at without being confirmed. A charge in another currency is always confirmed.',
      example: '0.50',
    },
  ),
  MAX_DAYS_WITHOUT_APPROVAL: integer({
    description: 'Days of the period that one call may ask about without being confirmed.',
    default: 30,
    min: 1,
    max: 3650,
  }),
  REGRETS: variable(
    json(
      z.array(z.string().min(1).max(300)).max(20, { error: 'must be a list of at most 20 sentences' }),
      'must be JSON such as ["Payroll is in eu-central-1."]',
    ).default([]),
    {
      description:
        'JSON list of sentences of the organization’s own that are told with every question before a call runs.',
      example: '["Payroll is in eu-central-1."]',
    },
  ),
  REVIEWER: choice({
    description:
      'Whether a reviewer looks at calls before they run. rules: by policy, cost, what the person usually asks for, and what was refused. model: by those, then by the model at REVIEWER_URL. It asks for more approval and never for less; where it fails, a person is asked.',
    values: ['off', 'rules', 'model'],
    default: 'off',
  }),
  REVIEWER_URL: url({
    description:
      'Where the model of the reviewer answers: POST <url>/review with operation, parameters, estimated_resources, summary and rules, to {"risk":"low|medium|high","confidence":0..1,"reasons":[]} within ten seconds.',
    example: 'https://reviewer.internal.example.com',
  }),
  APPROVAL_HOURS: integer({
    description: 'Hours an operation waits for its countersignature before it expires.',
    default: 72,
    min: 1,
    max: 720,
  }),
  ACCESS_REQUEST_DAYS: integer({
    description: 'Days a request for access to an account waits for its decision before it expires.',
    default: 14,
    min: 1,
    max: 90,
  }),
  CONFIRM_SECONDS: integer({
    description: 'Seconds an operation waits for its own requester’s confirmation.',
    default: 300,
    min: 30,
    max: 3600,
  }),
  APPROVE_ON_PAGE_ONLY: flag({
    description:
      'Countersignatures count only when given on the approvals page, where a person signs in. false: also through a tool or the REST facade, with the approval_hash of the plan.',
    default: true,
  }),
  CONFIRM_BY_TOOL: flag({
    description:
      'Requesters may also confirm their own change through a tool or the REST facade, with the approval_hash of the plan, and not on the approvals page only. For an application that asks the person itself.',
    default: false,
  }),
  WAITING_PER_CLIENT: integer({
    description:
      'Changes that one person may have waiting for an answer through one client. More are refused until some are answered, withdrawn or expired.',
    default: 200,
    min: 1,
    max: 100_000,
  }),
  WAITING_PER_PERSON: integer({
    description: 'Changes that one person may have waiting for an answer through all clients together.',
    default: 500,
    min: 1,
    max: 100_000,
  }),
  DECISIONS_PER_MINUTE: integer({
    description:
      'Answers that one person may give in a minute through tools and the REST facade. Those on the approvals page do not count.',
    default: 3,
    min: 1,
    max: 1000,
  }),
  APPROVE_WITHOUT_EMAIL: flag({
    description:
      'Lets one person approve what another asked for although the identity provider tells no mail address of one of them, by which two subjects of one human are known. Only where nobody has two accounts.',
    default: false,
  }),
  AUDIT_RETENTION_DAYS: integer({ description: 'Days an audit record is kept.', default: 730, min: 1, max: 3653 }),
  AUDIT_ANCHOR_BUCKET: text({
    description:
      'Bucket with object lock that signed copies of the audit log’s heads are written to, below anchors/. Without it they go to the folder anchors of DATA_DIR with STORE=embedded, and nowhere else.',
    example: 'countersign-prod-archive',
  }),
  AUDIT_EXPORT_BUCKET: text({
    description:
      'Bucket that the audit log is exported to for auditors, below audit-log/, every 15 minutes: compressed NDJSON in OCSF 1.8. Without it and AUDIT_EXPORT_FOLDER there is no export.',
    example: 'countersign-prod-archive',
  }),
  AUDIT_EXPORT_FOLDER: text({
    description: 'Folder that the audit log is exported to in place of AUDIT_EXPORT_BUCKET, on a machine of one’s own.',
    example: './data/audit-log',
  }),

  // AWS
  AWS_REGION: text({ description: 'Region of the service’s own AWS calls.', example: 'us-east-1' }),
  AWS_ENDPOINT_URL: url({
    description: 'Endpoint of all AWS calls, for an emulator.',
    example: 'http://localhost:5000',
  }),

  JOBS_QUEUE_URL: url({
    description:
      'Queue of SQS that carries the ids of jobs between tasks, and a tick each minute. Without it tasks look into the tables every two seconds.',
    example: 'https://sqs.us-east-1.amazonaws.com/111122223333/countersign-prod-jobs',
  }),
  MAIL_FROM: text({
    description: 'Sender of mails by SES. Without it people are told nothing by mail.',
    example: 'no-reply@example.com',
  }),
  MAIL_CONFIGURATION_SET: text({
    description: 'Configuration set of SES that mails are sent through.',
    example: 'countersign-prod-mail',
  }),
  USUAL_NOTICES: choice({
    description:
      'What people are told who chose nothing on /notices. fewer: admins get a summary a day. every-change: admins are told of each applied change besides, and whoever may countersign gets a summary each hour.',
    values: ['fewer', 'every-change'],
    default: 'fewer',
  }),
  NOTICE_CHANNELS: variable(
    json(
      NoticeChannels,
      'must be JSON such as {"channels":[{"name":"leads","topics":["waiting"],"reads":["admin"],"slack":"https://..."}]}',
    ).default({
      channels: [],
    }),
    {
      description:
        'JSON with the channels that several people read (Slack, Teams, signed webhooks), what each is told and the scopes its readers have, and the token of a Slack app for direct messages. Its URLs are keys. Without it only people are told.',
      example:
        '{"channels":[{"name":"leads","topics":["waiting","summary"],"reads":["orders:read"],"slack":"https://hooks.slack.com/services/..."}]}',
    },
    true,
  ),
  OBJECTS_BUCKET: text({
    description: 'Bucket in which packs keep objects, each below packs/<pack>/. Without it they keep them in DATA_DIR.',
    example: 'countersign-prod-111122223333-data',
  }),

  // Telemetry
  OTEL_EXPORTER_OTLP_ENDPOINT: url({
    description: 'Where OpenTelemetry traces are sent. Without it none are made.',
    example: 'http://localhost:4318',
  }),
  METRICS_FORMAT: choice({
    description:
      'emf writes CloudWatch embedded metric format to standard output; none leaves only the Prometheus endpoint.',
    values: ['none', 'emf'],
    default: 'none',
  }),

  // As a Lambda function
  SECRETS_FROM: variable(
    json(
      z.record(z.string(), z.string().regex(/^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+(:\w+)?$/), {
        error: 'must map a variable to the ARN of a secret, and :key for a key of its JSON',
      }),
      'must be JSON such as {"ENCRYPTION_KEY":"arn:...:encryption_key"}',
    ).default({}),
    {
      description:
        'JSON object from a secret variable to the ARN of its secret, with :key for a key of its JSON. A function reads them when it starts; containers are handed theirs.',
      example: '{"ENCRYPTION_KEY":"arn:aws:secretsmanager:us-east-1:111122223333:secret:keys-AbCdEf:encryption_key"}',
    },
  ),
  ORIGIN_VERIFY_HASHES: variable(json(OriginHashes, 'must be a JSON list of SHA-256 in hex').optional(), {
    description:
      'SHA-256, in hex, of what CloudFront sends in x-origin-verify, as a JSON list. With it a function serves no request that came past CloudFront.',
    example: '["<64 hex digits>"]',
  }),
} as const satisfies Record<string, VariableContract>;

/** Every variable that this version knows, of all packs. */
export const environment = { ...coreEnvironment, ...merged('variables', coreEnvironment) };

export type VariableName = keyof typeof environment;
export const variableNames = Object.keys(environment) as VariableName[];

interface Section {
  readonly title: string;
  readonly variables: readonly VariableName[];
}

const coreNames = Object.keys(coreEnvironment) as (keyof typeof coreEnvironment)[];
/** Where each of the service's own sections begins; it runs to the next. */
const firsts = [
  { title: 'Where it listens and who it is', first: 'ENVIRONMENT' },
  { title: 'What it does', first: 'TOOL_PACKS' },
  { title: 'State', first: 'STORE' },
  { title: 'Who may call', first: 'AUTH_ISSUER' },
  { title: 'How much, and who countersigns', first: 'RATE_LIMIT_PER_MINUTE' },
  { title: 'AWS', first: 'AWS_REGION' },
  { title: 'Telemetry', first: 'OTEL_EXPORTER_OTLP_ENDPOINT' },
  { title: 'As a Lambda function', first: 'SECRETS_FROM' },
] as const satisfies readonly { title: string; first: keyof typeof coreEnvironment }[];

/** Sections of the reference: the service's own, and one a pack. */
export const environmentSections: readonly Section[] = [
  ...firsts.map(({ title, first }, index) => ({
    title,
    variables: coreNames.slice(
      coreNames.indexOf(first),
      firsts[index + 1] && coreNames.indexOf(firsts[index + 1]?.first ?? first),
    ),
  })),
  ...Object.values<PackContract>(packs).map(({ title, variables = {} }) => ({
    title,
    variables: variableNames.filter((name) => Object.hasOwn(variables, name)),
  })),
];

/** The parsed environment: one field a variable, of the type its schema yields. */
export type Environment = { [V in VariableName]: z.output<(typeof environment)[V]['schema']> };
