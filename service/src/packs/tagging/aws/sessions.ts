/** Who we are in each account: our own role at home, the cross-account role elsewhere. */
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { arnPartition } from '../../../../../contracts/aws.ts';
import { CountersignError } from '../../../errors.ts';
import type { Metrics } from '../../../ports/metrics.ts';
import { failureOf, MalformedAnswer, member } from './failure.ts';
import { observeAws } from './observed.ts';

export interface AwsSettings {
  /** Region of the service's own calls. */
  readonly region: string;
  /** Endpoint of all calls, for an emulator. */
  readonly endpoint?: string | undefined;
  /** Accounts that may be read and tagged; empty means the account of the service's own role. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly roleName: string;
  readonly externalId?: string | undefined;
}

export interface AwsIdentity {
  readonly accountId: string;
  /** As the role's own ARN names it: aws, aws-cn, aws-us-gov, aws-eusc. */
  readonly partition: string;
}

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

const CONNECT_MS = 3_000;
/** Attempts of one call. The SDK waits between them with full jitter, at most 20 seconds. */
export const MAX_ATTEMPTS = 6;

/** AssumeRole from a task role is chaining: an hour at most. */
const SESSION_SECONDS = 3600;
/** Credentials this close to their end are not used for new calls. */
const MARGIN_MS = 5 * 60_000;

export interface Sessions {
  readonly sts: STSClient;
  /** The account and partition of the service's own role. */
  own(): Promise<AwsIdentity>;
  /**
   * Credentials for an account; undefined at home, where the SDK finds them itself.
   * @throws CountersignError access_denied, throttled or upstream_error when the role cannot be assumed
   */
  credentials(accountId: string): Promise<RoleCredentials | undefined>;
}

export const createSessions = (settings: AwsSettings, metrics: Metrics, now: () => Date, callMs: number): Sessions => {
  const { region, endpoint } = settings;
  const sts = new STSClient({
    region,
    maxAttempts: MAX_ATTEMPTS,
    // All clients share this handler, and with it one pool of connections.
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: callMs, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  let identity: Promise<AwsIdentity> | undefined;
  const own = () => {
    identity ??= identify(sts, metrics).catch((error: unknown) => {
      identity = undefined;
      throw error;
    });
    return identity;
  };
  const held = new Map<string, Promise<RoleCredentials>>();
  const assume = async (accountId: string): Promise<RoleCredentials> => {
    const known = await held.get(accountId);
    if (known !== undefined && known.expiration.getTime() - MARGIN_MS > now().getTime()) return known;
    const fresh = assumeRole(sts, settings, await own(), accountId, metrics);
    held.set(accountId, fresh);
    fresh.catch(() => held.delete(accountId));
    return fresh;
  };
  // Many calls start at once: they wait for one AssumeRole.
  const opening = new Map<string, Promise<RoleCredentials>>();
  return {
    sts,
    own,
    credentials: async (accountId) => {
      if (settings.accounts.length === 0 || (await own()).accountId === accountId) return undefined;
      const running = opening.get(accountId) ?? assume(accountId).finally(() => opening.delete(accountId));
      opening.set(accountId, running);
      return running;
    },
  };
};

const never = new AbortController().signal;
const atAws = { 'rpc.system': 'aws-api' };

const refused = (error: unknown, what: string): never => {
  const { code, message } = failureOf(error, 'sts', never);
  const known = code === 'access_denied' || code === 'throttled' ? code : 'upstream_error';
  throw new CountersignError(known, `${what}: ${message}`, { cause: error, details: { failure: code } });
};

const identify = async (sts: STSClient, metrics: Metrics): Promise<AwsIdentity> => {
  try {
    const { Account: accountId, Arn: arn } = await observeAws(metrics, 'sts', atAws, () =>
      sts.send(new GetCallerIdentityCommand()),
    );
    if (accountId === undefined || !/^\d{12}$/.test(accountId)) throw new MalformedAnswer('sts', 'an Account');
    const [, partition] = arnPartition.exec(arn ?? '') ?? [];
    return { accountId, partition: member('sts', 'an Arn', partition) };
  } catch (error) {
    return refused(error, 'The service cannot tell which AWS account it runs in');
  }
};

const assumeRole = async (
  sts: STSClient,
  { roleName, externalId }: AwsSettings,
  { partition }: AwsIdentity,
  accountId: string,
  metrics: Metrics,
): Promise<RoleCredentials> => {
  try {
    const assuming = new AssumeRoleCommand({
      RoleArn: `arn:${partition}:iam::${accountId}:role/${roleName}`,
      RoleSessionName: 'countersign',
      DurationSeconds: SESSION_SECONDS,
      ...(externalId === undefined ? {} : { ExternalId: externalId }),
    });
    const told = { ...atAws, 'cloud.account.id': accountId };
    const { Credentials: given } = await observeAws(metrics, 'sts', told, () => sts.send(assuming));
    const credentials = member('sts', 'Credentials', given);
    return {
      accessKeyId: member('sts', 'an AccessKeyId', credentials.AccessKeyId),
      secretAccessKey: member('sts', 'a SecretAccessKey', credentials.SecretAccessKey),
      sessionToken: member('sts', 'a SessionToken', credentials.SessionToken),
      expiration: member('sts', 'an Expiration', credentials.Expiration),
    };
  } catch (error) {
    return refused(error, `The role ${roleName} cannot be assumed in account ${accountId}`);
  }
};
