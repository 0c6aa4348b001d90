/** Every variable that a test hands the service otherwise than the stack does, and why. There are no others. */
import type { VariableName } from '../../../contracts/environment.ts';
import type { AwsConfig } from './aws-config.ts';

/** What stands on this machine in place of a VPC. */
export interface Loopback {
  /** Where the service listens. */
  readonly port: number;
  readonly awsUrl: string;
  readonly credentials: AwsConfig['credentials'];
  readonly databasePort: string;
  readonly databaseCaFile: string;
  /** How its calls to the internet are led to stand-ins. */
  readonly internet: Readonly<Record<InternetVariable, string>>;
  /** Where the stand-in for Google listens; undefined for a service that does not ask Google. */
  readonly googleUrl: string | undefined;
}

type InternetVariable = 'HTTPS_PROXY' | 'NODE_USE_ENV_PROXY' | 'NODE_EXTRA_CA_CERTS';
type RuntimeVariable = InternetVariable | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_SESSION_TOKEN';

interface Override {
  readonly reason: string;
  /** In place of what the stack gives; undefined leaves it out. */
  readonly value: (given: string | undefined, loopback: Loopback) => string | undefined;
}

const whenGiven =
  (value: (given: string, loopback: Loopback) => string): Override['value'] =>
  (given, loopback) =>
    given === undefined ? undefined : value(given, loopback);

const role = 'The role’s credentials come from the metadata service of ECS, EC2 or Lambda.';
const stranger = 'Other names than loopback are served by a stand-in for the internet, with a certificate of its own.';

export const overrides: Partial<Record<VariableName | RuntimeVariable, Override>> = {
  PORT: {
    reason: 'The container’s port may be taken on this machine: it is mapped, as Docker maps it.',
    value: whenGiven((_, { port }) => String(port)),
  },
  TRUSTED_PROXIES: {
    reason: 'The stand-in for the load balancer calls from loopback; the VPC stays trusted besides.',
    value: whenGiven((given) => `${given},127.0.0.1/32`),
  },
  DATABASE_PORT: {
    reason: 'PostgreSQL listens on a free port.',
    value: whenGiven((_, { databasePort }) => databasePort),
  },
  DATABASE_CA_FILE: {
    reason: 'The file lies in the image, and RDS’s authority did not sign for loopback.',
    value: whenGiven((_, { databaseCaFile }) => databaseCaFile),
  },
  SHUTDOWN_DELAY_SECONDS: {
    reason: 'No balancer polls here, so a stop has nobody to wait for.',
    value: whenGiven(() => '0'),
  },
  AWS_ENDPOINT_URL: { reason: 'AWS is moto.', value: (_, { awsUrl }) => awsUrl },
  AWS_ACCESS_KEY_ID: { reason: role, value: (_, { credentials }) => credentials.accessKeyId },
  AWS_SECRET_ACCESS_KEY: { reason: role, value: (_, { credentials }) => credentials.secretAccessKey },
  AWS_SESSION_TOKEN: { reason: role, value: (_, { credentials }) => credentials.sessionToken },
  HTTPS_PROXY: { reason: stranger, value: (_, { internet }) => internet.HTTPS_PROXY },
  NODE_USE_ENV_PROXY: { reason: stranger, value: (_, { internet }) => internet.NODE_USE_ENV_PROXY },
  GOOGLE_URL: {
    reason:
      'Google is the stand-in of its pack. Clients of upstreams go through no proxy, so no name leads them there.',
    value: (given, { googleUrl }) => googleUrl ?? given,
  },
  NODE_EXTRA_CA_CERTS: { reason: stranger, value: (_, { internet }) => internet.NODE_EXTRA_CA_CERTS },
};

/** The variables of the stack as they are handed over on this machine. */
export const onLoopback = (
  given: Readonly<Record<string, string>>,
  loopback: Loopback,
): Readonly<Record<string, string>> => {
  const changed = Object.entries(overrides).map(([name, { value }]) => [name, value(given[name], loopback)] as const);
  return Object.fromEntries(
    [...Object.entries(given), ...changed].filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
};
