/** What stands around the service: alarms, secrets, certificates, sign-in, the distribution, the state. */
import {
  ACMClient,
  type CertificateDetail,
  DescribeCertificateCommand,
  KeyAlgorithm,
  paginateListCertificates,
} from '@aws-sdk/client-acm';
import { CloudWatchClient, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import {
  CognitoIdentityProviderClient,
  DescribeUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { stateKey } from '../../../../modules/stacks/state.ts';
import { metricAlarmsOf } from '../../alarms/of-environment.ts';
import { daysSince } from '../../days.ts';
import { unlessMissing } from '../../operated.ts';
import { type Told, vaultOn } from '../../secrets/vault.ts';
import { wantedValues } from '../../secrets/wanted.ts';
import { type Around, absent, attention, broken, type Check, type Judgement, ok } from '../check.ts';
import { findDistribution } from '../front.ts';

export const judgeAlarms = (prefix: string, alarms: readonly MetricAlarm[]): readonly Judgement[] => {
  const sounding = alarms.filter(({ StateValue }) => StateValue === 'ALARM');
  const off = alarms.filter(({ ActionsEnabled }) => ActionsEnabled === false);
  if (alarms.length === 0) return [attention(prefix, 'there are no alarms: npm run deploy')];
  return [
    ...sounding.map(({ AlarmName = '', StateReason = '', AlarmDescription = '' }) =>
      broken(AlarmName, [StateReason, AlarmDescription].filter((text) => text !== '').join(' ')),
    ),
    ...off.map(({ AlarmName = '' }) => attention(AlarmName, 'tells nobody: its actions are switched off')),
    ...(sounding.length === 0 ? [ok(prefix, `none of ${alarms.length} alarms sounds`)] : []),
  ];
};

const alarms: Check = {
  name: 'alarms',
  applies: () => true,
  look: async ({ deployment: { settings }, client }) => {
    return judgeAlarms(settings.name_prefix, await metricAlarmsOf(client(CloudWatchClient), settings));
  },
};

export const judgeSecret = (name: string, told: Told | undefined, limit: number | undefined, now: Date): Judgement => {
  const create = 'npm run secrets -- create';
  // A header's secret is made before the first plan, every other one by the deployment.
  if (told === undefined) return broken(name, `does not exist: ${create}, after npm run deploy where that makes it`);
  if (told.since === undefined) return broken(name, `has no value: ${create}`);
  const days = daysSince(told.since, now);
  if (limit !== undefined && days > limit)
    return attention(name, `is ${days} days old, and ${limit} are allowed: npm run secrets -- rotate`);
  return ok(name, `is ${days} days old`);
};

/** Values are not read, so a single key that is missing in a JSON secret is seen by `npm run secrets -- list` only. */
const secrets: Check = {
  name: 'secrets',
  applies: (deployment) => wantedValues(deployment).length > 0,
  look: async ({ deployment, client, now }) => {
    const vault = vaultOn(client(SecretsManagerClient), deployment.region);
    const names = new Set(wantedValues(deployment).map(({ secret }) => deployment.names.secret(secret)));
    const { secret_rotation_days: limit } = deployment.settings;
    return Promise.all([...names].map(async (name) => judgeSecret(name, await vault.tell(name), limit, now)));
  },
};

export const judgeCertificate = (name: string, certificate: CertificateDetail): Judgement => {
  const { Status, RenewalSummary, DomainValidationOptions = [], FailureReason } = certificate;
  const pending = DomainValidationOptions.find(
    ({ ValidationStatus }) => ValidationStatus !== 'SUCCESS',
  )?.ResourceRecord;
  const record = pending === undefined ? '' : `: its zone needs ${pending.Name} ${pending.Type} ${pending.Value}`;
  if (Status === 'PENDING_VALIDATION') return broken(name, `waits for its validation${record}`);
  if (Status !== 'ISSUED')
    return broken(name, `is ${Status}${FailureReason === undefined ? '' : `: ${FailureReason}`}`);
  if (RenewalSummary?.RenewalStatus === 'FAILED' || RenewalSummary?.RenewalStatus === 'PENDING_VALIDATION')
    return attention(
      name,
      `is issued and not being renewed (${RenewalSummary.RenewalStatusReason ?? RenewalSummary.RenewalStatus})${record}`,
    );
  return ok(name, 'is issued');
};

const certificateFor = async ({ client }: Around, region: string, name: string, given: string | undefined) => {
  const acm = client(ACMClient, region);
  const arns: (string | undefined)[] = given === undefined ? [] : [given];
  if (given === undefined)
    // Without the filter ACM lists RSA alone.
    for await (const { CertificateSummaryList = [] } of paginateListCertificates(
      { client: acm },
      { Includes: { keyTypes: Object.values(KeyAlgorithm) } },
    ))
      arns.push(
        ...CertificateSummaryList.filter(({ DomainName }) => DomainName === name).map(
          ({ CertificateArn }) => CertificateArn,
        ),
      );
  const details = await Promise.all(
    arns.map((CertificateArn) => acm.send(new DescribeCertificateCommand({ CertificateArn }))),
  );
  const found = details.flatMap(({ Certificate }) => (Certificate === undefined ? [] : [Certificate]));
  // One that is being replaced may be there still.
  return (
    found.find(({ InUseBy = [] }) => InUseBy.length > 0) ?? found.find(({ Status }) => Status === 'ISSUED') ?? found[0]
  );
};

const certificates: Check = {
  name: 'certificates',
  applies: ({ settings }) => settings.domain_name !== undefined,
  look: async (around) => {
    const { settings, shape, region, primary } = around.deployment;
    const name = settings.domain_name ?? '';
    const regions = [...new Set([region, ...(shape.distribution && primary ? ['us-east-1'] : [])])];
    const judged = regions.map(async (each) => {
      const given = each === region ? settings.certificate_arn : undefined;
      const certificate = await certificateFor(around, each, name, given);
      const subject = `${name} in ${each}`;
      return certificate === undefined ? absent(subject) : judgeCertificate(subject, certificate);
    });
    return Promise.all(judged);
  },
};

const signIn: Check = {
  name: 'sign-in',
  applies: ({ settings }) => settings.auth === 'cognito',
  look: async ({ deployment: { settings }, client }) => {
    const Domain = settings.cognito_domain_prefix;
    const told = await client(CognitoIdentityProviderClient).send(new DescribeUserPoolDomainCommand({ Domain }));
    const { Status, UserPoolId } = told.DomainDescription ?? {};
    if (UserPoolId === undefined) return [absent(Domain)];
    // A stand-in for AWS gives none.
    return [
      Status === undefined || Status === 'ACTIVE' ? ok(Domain, `serves ${UserPoolId}`) : broken(Domain, `is ${Status}`),
    ];
  },
};

const distribution: Check = {
  name: 'distribution',
  applies: ({ shape, primary }) => shape.distribution && primary,
  look: async (around) => {
    const name = around.deployment.names.of('distribution');
    const found = await findDistribution(around);
    if (found === undefined) return [absent(name)];
    if (found.Enabled !== true) return [broken(name, 'is switched off')];
    return [
      found.Status === 'Deployed'
        ? ok(name, `${found.Id} is deployed`)
        : attention(name, `is ${found.Status}: a change is on its way`),
    ];
  },
};

// Longer than the longest apply.
const STALE_LOCK_HOURS = 2;

const state: Check = {
  name: 'state',
  applies: () => true,
  look: async ({ deployment, client, now }) => {
    const { settings } = deployment;
    // The layer that is applied last but one holds what runs.
    const Key = stateKey(deployment, settings.state_layout === 'layered' ? 'backend' : undefined);
    const s3 = client(S3Client, settings.state_region);
    const head = (key: string) =>
      unlessMissing(
        s3.send(new HeadObjectCommand({ Bucket: settings.state_bucket, Key: key })),
        'NotFound',
        'NoSuchKey',
        'NoSuchBucket',
      );
    const [kept, lock] = await Promise.all([head(Key), head(`${Key}.tflock`)]);
    const days = daysSince(kept?.LastModified ?? new Date(0), now);
    const hours = Math.floor((now.getTime() - (lock?.LastModified?.getTime() ?? 0)) / 3_600_000);
    return [
      kept === undefined
        ? broken(Key, 'there is none: it was never deployed, or lies in another bucket')
        : ok(Key, `last applied ${days} days ago; npm run drift compares it with what runs`),
      ...(lock !== undefined && hours >= STALE_LOCK_HOURS
        ? [attention(`${Key}.tflock`, `is held for ${hours} hours: if that run is dead, terraform force-unlock`)]
        : []),
    ];
  },
};

export const surroundings: readonly Check[] = [alarms, secrets, certificates, signIn, distribution, state];
