/** What two files of settings must not both make: Terraform would take the things of the one for those of the other. */

import type { Settings } from '../../contracts/settings/resolve.ts';
import { type NameableKind, wholeNameOf } from '../../contracts/settings/whole-names.ts';
import { EnvironmentError } from './error.ts';

/** A file, as far as it says what is made where. */
export interface Claims {
  readonly file: string;
  readonly regions: readonly Settings[];
}

/** Says what both would make, and what to change; undefined where nothing meets. */
type Meeting = (own: Settings, other: Settings) => string | undefined;

/** Whatever its layers: a state split into layers is of the same resources. */
const states = ({ state_bucket, project_name, environment, regions }: Settings): readonly string[] =>
  regions.map((region) => `${state_bucket}/${project_name}/${environment}/${region}`);

const byState: Meeting = (own, other) => {
  const taken = states(other);
  const shared = states(own).find((state) => taken.includes(state));
  if (shared === undefined) return undefined;
  return `would keep their state in one place, s3://${shared}: an apply of the one would replace and destroy what the other made. Both are the environment ${own.environment} of ${own.project_name}: give one of them another name, by the setting environment or, without it, by the name of its file; or its own account_id`;
};

/** Resources of these kinds have one name each in an account's region. */
const unique: readonly NameableKind[] = [
  'authorizer',
  'cache',
  'cluster',
  'dashboard',
  'database',
  'load-balancer',
  'log-group',
  'repository',
  'target-group',
];
/** Of these an account has one of a name, whatever the region. */
const uniqueInAccount: readonly NameableKind[] = ['task-role', 'distribution'];

interface Named {
  readonly setting: string;
  readonly name: string;
  /** Where another may not be called so: in every region, in every account. Default: in the same region and account. */
  readonly taken?: readonly ('regions' | 'accounts')[];
}

const namesOf = (settings: Settings): readonly Named[] => [
  { setting: 'name_prefix', name: settings.name_prefix, taken: ['regions'] },
  { setting: 'secret_prefix', name: settings.secret_prefix },
  ...(settings.store_mode === 'dynamodb' ? [{ setting: 'table_prefix', name: settings.table_prefix }] : []),
  // docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html: unique in a region.
  ...(settings.auth === 'cognito'
    ? [{ setting: 'cognito_domain_prefix', name: settings.cognito_domain_prefix, taken: ['accounts'] as const }]
    : []),
  // docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html: unique in a partition.
  ...(settings.names['data-bucket'] === undefined
    ? []
    : [
        {
          setting: 'names.data-bucket',
          name: settings.names['data-bucket'],
          taken: ['regions', 'accounts'] as const,
        },
      ]),
  // The name may be given here, and follow from the prefix there.
  ...unique.map((kind) => ({ setting: `names.${kind}`, name: wholeNameOf(settings, kind) })),
  ...uniqueInAccount.map((kind) => ({
    setting: `names.${kind}`,
    name: wholeNameOf(settings, kind),
    taken: ['regions'] as const,
  })),
];

const byName: Meeting = (own, other) => {
  const together = own.regions.some((region) => other.regions.includes(region));
  const sameAccount = own.account_id === other.account_id;
  const theirs = new Set(namesOf(other).map(({ setting, name }) => `${setting} ${name}`));
  const shared = namesOf(own).find(
    ({ setting, name, taken = [] }) =>
      (together || taken.includes('regions')) &&
      (sameAccount || taken.includes('accounts')) &&
      theirs.has(`${setting} ${name}`),
  );
  if (shared === undefined) return undefined;
  const { setting, name, taken = [] } = shared;
  const anywhere = taken.includes('accounts');
  return `would give their resources the same names${anywhere ? ', which AWS takes once, whatever the account' : ` in account ${own.account_id}`}: ${setting} is ${JSON.stringify(name)} in both. Give one of them another ${setting}${anywhere ? '' : ', or another account_id'}`;
};

/** The roles of workflows may change what is called after their environment. */
const byRoles: Meeting = (own, other) => {
  if (own.account_id !== other.account_id) return undefined;
  for (const [reaching, reached] of [
    [own, other],
    [other, own],
  ] as const)
    if (reaching.github_repository !== undefined && `${reached.name_prefix}-`.startsWith(`${reaching.name_prefix}-`))
      return `lie within each other: the roles of the workflows of ${reaching.environment} may change whatever is called ${reaching.name_prefix}-*, and so what ${reached.environment} calls ${reached.name_prefix}-*: give one of them another name_prefix, or another account_id`;
  return undefined;
};

const meetings: readonly Meeting[] = [byState, byName, byRoles];

const meetingOf = (own: Claims, other: Claims): string | undefined => {
  const [[mine], [theirs]] = [own.regions, other.regions];
  if (mine === undefined || theirs === undefined) return undefined;
  // A state and a prefix are the same in all regions of an environment; `regions` of the first names them all.
  return meetings.map((meeting) => meeting(mine, theirs)).find((found) => found !== undefined);
};

/** @throws EnvironmentError naming both files and what to change */
export const refuseTwins = (own: Claims, others: readonly Claims[]): void => {
  const found = others.flatMap((other) => {
    const meeting = meetingOf(own, other);
    return meeting === undefined ? [] : [`  ${own.file} and ${other.file} ${meeting}.`];
  });
  if (found.length > 0) throw new EnvironmentError(['The environment cannot be used:', ...found].join('\n'));
};

const byDomain: Meeting = (own, other) => {
  if (own.domain_name === undefined || own.domain_name !== other.domain_name) return undefined;
  // Records by latency share a name.
  if (own.latency_routing && other.latency_routing) return undefined;
  return `both have domain_name ${own.domain_name}: Route 53 refuses the second apply. Give each its own, unless one takes over from the other`;
};

const byProvider: Meeting = (own, other) => {
  const makes = (s: Settings) => s.github_repository !== undefined && s.github_oidc_provider;
  if (own.account_id !== other.account_id || !makes(own) || !makes(other)) return undefined;
  return `both make the identity provider of GitHub in account ${own.account_id}, which has one: set github_oidc_provider = false where the other made it`;
};

const byDetector: Meeting = (own, other) => {
  const region = own.regions.find((each) => other.regions.includes(each));
  if (own.account_id !== other.account_id || region === undefined) return undefined;
  if (!own.guardduty || !other.guardduty) return undefined;
  return `both make the detector of GuardDuty in account ${own.account_id} and region ${region}, which has one: set guardduty = false where the other made it; guardduty_findings = true still tells of its findings`;
};

const byMonitor: Meeting = (own, other) => {
  if (own.account_id !== other.account_id) return undefined;
  if (own.cost_anomaly_usd === undefined || other.cost_anomaly_usd === undefined) return undefined;
  return `both make the monitor of unusual costs in account ${own.account_id}, which has one: leave cost_anomaly_usd out of one of them`;
};

/** Shipped to be read and copied, with accounts and domains that nobody has. */
const isShipped = ({ file }: Claims): boolean => file.startsWith('environments/examples/');

/** What only the second of two applies would find out, and what may yet be meant. */
export const noticesOf = (claims: Claims, others: readonly Claims[]): readonly string[] => {
  const { file, regions } = claims;
  const [own] = regions;
  if (own === undefined || isShipped(claims)) return [];
  return others
    .filter((other) => !isShipped(other))
    .flatMap(({ file: theirs, regions: [other] }) =>
      other === undefined
        ? []
        : [byDomain, byProvider, byDetector, byMonitor].flatMap((meeting) => {
            const found = meeting(own, other);
            return found === undefined ? [] : [`${file} and ${theirs} ${found}.`];
          }),
    );
};
