/** Where state is kept, and the keys that protect it. */
import { z } from 'zod';
import { regionName } from '../aws.ts';
import { choice, integer, list, secret, text, url, type VariableContract, variable } from '../variable.ts';

export const storeVariables = {
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
} as const satisfies Record<string, VariableContract>;
