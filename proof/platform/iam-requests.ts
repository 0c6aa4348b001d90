/** What IAM is asked when the service makes a call: from the call on the wire, not from the service's own word. */
import type { TaggableType } from '../../contracts/packs/tagging.ts';
import type { Request } from '../../modules/testing/policy.ts';
import { parseArn } from '../../service/src/packs/tagging/estate/arn.ts';
import type { UpstreamCall } from '../../service/test/estate/edge.ts';

type Asked = readonly (readonly [action: string, resource: string, context?: Request['context']])[];
type Reader = (call: UpstreamCall, accountId: string) => Asked | undefined;

const everything = (action: string): Asked => [[action, '*']];
const json = (call: UpstreamCall): Record<string, unknown> =>
  call.body === '' ? {} : (JSON.parse(call.body) as Record<string, unknown>);
const form = (call: UpstreamCall): URLSearchParams => new URLSearchParams(call.body);
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const listed = (call: UpstreamCall, name: string): string[] =>
  [...form(call)].filter(([key]) => key.startsWith(`${name}.`)).map(([, value]) => value);

interface TableInput {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly TransactItems?: readonly Readonly<Record<string, TableInput>>[];
}

/** A transaction needs the permission of each write in it. */
const dynamodb: Reader = (call, accountId) => {
  const asked = (action: string, { TableName = '', IndexName }: TableInput) => {
    const table = `arn:aws:dynamodb:${call.region}:${accountId}:table/${TableName}`;
    return [`dynamodb:${action}`, IndexName === undefined ? table : `${table}/index/${IndexName}`] as const;
  };
  const input: TableInput = json(call);
  if (call.action !== 'TransactWriteItems') return [asked(call.action, input)];
  return (input.TransactItems ?? []).flatMap((item) =>
    Object.entries(item).map(([kind, write]) =>
      asked(kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`, write),
    ),
  );
};

/** The tagging API writes with the caller's own permissions at the service of each resource. */
const relayed: Readonly<Partial<Record<TaggableType, { readonly set: string; readonly remove: string }>>> = {
  'ec2:instance': { set: 'ec2:CreateTags', remove: 'ec2:DeleteTags' },
  'rds:db': { set: 'rds:AddTagsToResource', remove: 'rds:RemoveTagsFromResource' },
  's3:bucket': { set: 's3:PutBucketTagging', remove: 's3:PutBucketTagging' },
  'lambda:function': { set: 'lambda:TagResource', remove: 'lambda:UntagResource' },
  'ecs:cluster': { set: 'ecs:TagResource', remove: 'ecs:UntagResource' },
  'ecs:service': { set: 'ecs:TagResource', remove: 'ecs:UntagResource' },
  'opensearch:domain': { set: 'es:AddTags', remove: 'es:RemoveTags' },
};
const isRelayed = (type: string): type is keyof typeof relayed => Object.hasOwn(relayed, type);

const tagging: Reader = (call) => {
  const own = everything(`tag:${call.action}`);
  if (call.action === 'GetResources' || call.action === 'ListRequiredTags') return own;
  const kind = call.action === 'TagResources' ? 'set' : 'remove';
  return [
    ...own,
    ...texts(json(call).ResourceARNList).map((arn) => {
      const type = parseArn(arn)?.type ?? '';
      if (!isRelayed(type)) throw new Error(`${arn} is of no type that can be tagged`);
      return [relayed[type]?.[kind] ?? '', arn] as const;
    }),
  ];
};

const sqs: Reader = (call) => {
  const [account, name] = new URL(String(json(call).QueueUrl)).pathname.split('/').slice(1);
  return [[`sqs:${call.action}`, `arn:aws:sqs:${call.region}:${account}:${name}`]];
};

const sts: Reader = (call) =>
  call.action === 'AssumeRole'
    ? [['sts:AssumeRole', form(call).get('RoleArn') ?? '']]
    : everything(`sts:${call.action}`);

const ec2: Reader = (call, accountId) =>
  call.action.endsWith('Tags')
    ? listed(call, 'ResourceId').map((id) => [
        `ec2:${call.action}`,
        `arn:aws:ec2:${call.region}:${accountId}:instance/${id}`,
      ])
    : everything(`ec2:${call.action}`);

const rds: Reader = (call, accountId) => [
  [`rds:${call.action}`, form(call).get('ResourceName') ?? `arn:aws:rds:${call.region}:${accountId}:db:*`],
];

const ecs: Reader = (call) => {
  const action = `ecs:${call.action}`;
  const { clusters, services, resourceArn } = json(call);
  if (call.action === 'DescribeClusters') return texts(clusters).map((arn) => [action, arn]);
  if (call.action === 'DescribeServices') return texts(services).map((arn) => [action, arn]);
  return typeof resourceArn === 'string' ? [[action, resourceArn]] : everything(action);
};

/** Services whose protocol has no action names: method and path tell it. */
const byPath = (
  routes: readonly (readonly [RegExp, (match: RegExpExecArray, call: UpstreamCall) => Asked])[],
): Reader => {
  return (call) => {
    const line = `${call.method} ${decodeURIComponent(call.path)}`;
    for (const [pattern, asked] of routes) {
      const match = pattern.exec(line);
      if (match) return asked(match, call);
    }
    return undefined;
  };
};
const on =
  (action: string) =>
  (match: RegExpExecArray): Asked => [[action, match[1] ?? '']];
const onBucket =
  (action: string) =>
  (match: RegExpExecArray): Asked => [[action, `arn:aws:s3:::${match[1]}`]];

const onObject =
  (action: string) =>
  (match: RegExpExecArray): Asked => [[action, `arn:aws:s3:::${match[1]}/${match[2]}`]];
const onList = (match: RegExpExecArray, { path }: UpstreamCall): Asked => {
  const prefix = new URL(path, 'http://bucket').searchParams.get('prefix') ?? '';
  return [['s3:ListBucket', `arn:aws:s3:::${match[1]}`, { 's3:prefix': prefix }]];
};

const s3 = byPath([
  [/^GET \/([a-z0-9.-]+)\/?\?.*tagging/, onBucket('s3:GetBucketTagging')],
  [/^(?:PUT|DELETE) \/([a-z0-9.-]+)\/?\?.*tagging/, onBucket('s3:PutBucketTagging')],
  [/^GET \/([a-z0-9.-]+)\/?\?.*location/, onBucket('s3:GetBucketLocation')],
  [/^GET \/(\?|$)/, () => everything('s3:ListAllMyBuckets')],
  [/^GET \/([a-z0-9.-]+)\/?\?.*list-type=2/, onList],
  [/^(?:GET|HEAD) \/([a-z0-9.-]+)\/([^?]+)/, onObject('s3:GetObject')],
  [/^DELETE \/([a-z0-9.-]+)\/([^?]+)\?.*uploadId=/, onObject('s3:AbortMultipartUpload')],
  [/^DELETE \/([a-z0-9.-]+)\/([^?]+)/, onObject('s3:DeleteObject')],
  // An upload in parts is begun and ended with the permission to put. (Amazon S3 API: multipart upload and permissions)
  [/^(?:PUT|POST) \/([a-z0-9.-]+)\/([^?]+)/, onObject('s3:PutObject')],
]);

const lambda = byPath([
  [/^GET \/2015-03-31\/functions/, () => everything('lambda:ListFunctions')],
  [/^GET \/2017-03-31\/tags\/([^?]+)/, on('lambda:ListTags')],
  [/^POST \/2017-03-31\/tags\/([^?]+)/, on('lambda:TagResource')],
  [/^DELETE \/2017-03-31\/tags\/([^?]+)/, on('lambda:UntagResource')],
]);

/** Sending is asked of the identity of the sender and of the configuration set, and knows the sender. */
const ses: Reader = (call, accountId) => {
  if (`${call.method} ${call.path}` !== 'POST /v2/email/outbound-emails') return undefined;
  const { FromEmailAddress, ConfigurationSetName } = json(call);
  const context = { 'ses:FromAddress': String(FromEmailAddress) };
  const arn = (resource: string) => `arn:aws:ses:${call.region}:${accountId}:${resource}`;
  const [, domain] = String(FromEmailAddress).split('@');
  return [
    ['ses:SendEmail', arn(`identity/${domain}`), context],
    ['ses:SendEmail', arn(`configuration-set/${String(ConfigurationSetName)}`), context],
  ];
};

const domainOf = ({ ARN }: Record<string, unknown>): string => String(ARN);
const es: Reader = (call, accountId) =>
  byPath([
    [/^GET \/2021-01-01\/domain/, () => everything('es:ListDomainNames')],
    [
      /^POST \/2021-01-01\/opensearch\/domain-info/,
      () =>
        texts(json(call).DomainNames).map((name) => [
          'es:DescribeDomains',
          `arn:aws:es:${call.region}:${accountId}:domain/${name}`,
        ]),
    ],
    [/^GET \/2021-01-01\/tags\/?\?arn=([^&]+)/, on('es:ListTags')],
    [/^POST \/2021-01-01\/tags$/, () => [['es:AddTags', domainOf(json(call))]]],
    [/^POST \/2021-01-01\/tags-removal$/, () => [['es:RemoveTags', domainOf(json(call))]]],
  ])(call, accountId);

const readers: Readonly<Record<string, Reader>> = {
  dynamodb,
  tagging,
  sqs,
  sts,
  ec2,
  rds,
  ecs,
  ce: (call) => everything(`ce:${call.action}`),
  cloudtrail: (call) => everything(`cloudtrail:${call.action}`),
  organizations: (call) => everything(`organizations:${call.action}`),
  s3,
  lambda,
  es,
  ses,
  secretsmanager: (call) => [[`secretsmanager:${call.action}`, String(json(call).SecretId)]],
};

/**
 * The requests that IAM would decide for a call.
 * @throws for a call that is not known here, so that none goes unseen
 */
export const iamRequests = (call: UpstreamCall, accountId: string): readonly Request[] => {
  const asked = readers[call.service]?.(call, accountId);
  if (asked === undefined || asked.length === 0)
    throw new Error(`${call.service} ${call.method} ${call.path} ${call.action} is no call that is known here`);
  const externalId = call.action === 'AssumeRole' ? form(call).get('ExternalId') : null;
  const context = {
    'aws:RequestedRegion': call.region,
    'aws:ResourceAccount': accountId,
    ...(externalId !== null && { 'sts:ExternalId': externalId }),
  };
  return asked.map(([action, resource, more]) => ({ action, resource, context: { ...context, ...more } }));
};
