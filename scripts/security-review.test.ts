/** The monthly review, on a stand-in for AWS. What the stand-in does not keep is judged from answers of the API's model. */
import { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { deploymentOf } from '../modules/stacks/deployment.ts';
import { settingsOf } from '../modules/testing/synthesized.ts';
import { type ClientOf, openClients } from './operate/clients.ts';
import type { Finding } from './operate/health/examine.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { judgeSecurityGroup } from './operate/security/open-ports.ts';
import { outsideAccess } from './operate/security/outside-access.ts';
import { wildcardsIn } from './operate/security/policies.ts';
import { judgeArrival, judgeTrail } from './operate/security/records.ts';
import { judgeUse } from './operate/security/roles.ts';
import { judgeAge } from './operate/security/secret-age.ts';
import { unusedServices } from './operate/security/unused-services.ts';
import { securityReview } from './security-review.ts';

const now = new Date('2026-11-30T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const policy = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

describe('a role', () => {
  const used = (LastUsedDate: Date | undefined, made = daysAgo(300)) =>
    judgeUse({ RoleName: 'r', CreateDate: made, RoleLastUsed: LastUsedDate && { LastUsedDate } }, now).verdict;

  it('is unused after 90 days, and a new one is not', () => {
    expect(used(daysAgo(90))).toBe('ok');
    expect(used(daysAgo(91))).toBe('attention');
    expect(used(undefined)).toBe('attention');
    expect(used(undefined, daysAgo(90))).toBe('ok');
    expect(used(undefined, daysAgo(91))).toBe('attention');
  });

  it.each<[object, readonly string[]]>([
    [{ Action: '*', Resource: '*' }, ['every action']],
    [{ Action: ['*'], Resource: 'arn:aws:s3:::one/*' }, ['every action']],
    [{ Action: 's3:*', Resource: '*' }, ['s3:* on every resource']],
    [{ Action: ['s3:GetObject', 'sqs:*'], Resource: ['arn:aws:sqs:::q', '*'] }, ['sqs:* on every resource']],
    [{ NotAction: 'iam:*', Resource: '*' }, ['every action but iam:*']],
    [{ Action: 'iam:PassRole', Resource: '*' }, ['iam:PassRole on every resource']],
    [{ Action: 's3:*', NotResource: 'arn:aws:s3:::one/*' }, ['s3:* on every resource']],
    [{ Action: 's3:*', Resource: 'arn:aws:s3:::one/*' }, []],
    [{ Action: 's3:Get*', Resource: '*' }, []],
    [{ Action: 's3:*', Resource: '*', Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }, []],
    [{ Effect: 'Deny', Action: '*', Resource: '*' }, []],
  ])('that %j may %j', (statement, expected) => {
    expect(wildcardsIn(policy(statement))).toEqual(expected);
    // As IAM hands it out.
    expect(wildcardsIn(encodeURIComponent(policy(statement)))).toEqual(expected);
  });
});

it.each([
  ['tcp', 443, 443, '0.0.0.0/0', 'ok'],
  ['tcp', 80, 80, '::/0', 'ok'],
  ['tcp', 22, 22, '0.0.0.0/0', 'broken'],
  ['tcp', 80, 443, '0.0.0.0/0', 'broken'],
  ['udp', 443, 443, '0.0.0.0/0', 'broken'],
  ['tcp', 5432, 5432, '::/0', 'broken'],
  ['-1', undefined, undefined, '0.0.0.0/0', 'broken'],
  ['tcp', 5432, 5432, '10.0.0.0/8', 'ok'],
])('a security group that lets in %s %s to %s from %s is %s', (IpProtocol, FromPort, ToPort, range, verdict) => {
  const ranges = range.includes(':') ? { Ipv6Ranges: [{ CidrIpv6: range }] } : { IpRanges: [{ CidrIp: range }] };
  const IpPermissions = [{ IpProtocol, FromPort, ToPort, ...ranges }];
  expect(judgeSecurityGroup({ GroupId: 'sg-1', GroupName: 'n', IpPermissions }).verdict).toBe(verdict);
});

it('a secret is old after the days of the setting, or 90, and one without a value is none', () => {
  expect(judgeAge('s', { since: daysAgo(90) }, undefined, now).verdict).toBe('ok');
  expect(judgeAge('s', { since: daysAgo(91) }, undefined, now)).toMatchObject({
    verdict: 'attention',
    says: expect.stringContaining('secret_rotation_days is not set'),
  });
  expect(judgeAge('s', { since: daysAgo(91) }, 365, now).verdict).toBe('ok');
  expect(judgeAge('s', { since: undefined }, undefined, now).verdict).toBe('attention');
});

it('a log is silent after a day and a half, and a trail that is off or cannot write is broken', () => {
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  expect(judgeArrival('l', hoursAgo(36), now).verdict).toBe('ok');
  expect(judgeArrival('l', hoursAgo(37), now).verdict).toBe('attention');
  expect(judgeArrival('l', undefined, now).verdict).toBe('attention');
  expect(judgeTrail('t', { IsLogging: false }, now).verdict).toBe('broken');
  expect(judgeTrail('t', { IsLogging: true, LatestDeliveryError: 'AccessDenied' }, now).verdict).toBe('broken');
  expect(judgeTrail('t', { IsLogging: true, LatestDeliveryTime: hoursAgo(40) }, now).verdict).toBe('attention');
  expect(judgeTrail('t', { IsLogging: true, LatestDeliveryTime: hoursAgo(1) }, now).verdict).toBe('ok');
});

/** Answers in the shape of the API's model, because the stand-in has neither: one for each call, by its input. */
const answering = (answers: (input: object, call: string) => object): ClientOf => {
  const { of } = openClients('us-east-1', 'http://127.0.0.1:1');
  const answer = (input: object, call = '') => ({
    output: { $metadata: {}, ...answers(input, call) },
    response: {},
  });
  return (Client, at) => {
    const made = of(Client, at);
    const step = { step: 'initialize' } as const;
    if (made instanceof IAMClient)
      made.middlewareStack.add(
        (_, { commandName }) =>
          async ({ input }) =>
            answer(input, commandName),
        step,
      );
    if (made instanceof AccessAnalyzerClient)
      made.middlewareStack.add(
        (_, { commandName }) =>
          async ({ input }) =>
            answer(input, commandName),
        step,
      );
    return made;
  };
};
const around = async (client: ClientOf) => {
  const [settings] = await settingsOf('examples/startup/prod');
  if (settings === undefined) throw new Error('no region');
  const deployment = deploymentOf(settings, 0, { target: { kind: 'aws' } });
  const nobody = () => Promise.reject(new Error('nobody answers'));
  return { deployment, client, now, network: { resolve: nobody, handshake: nobody, get: nobody } };
};

it('names services that an old role of the environment does not use, once IAM has looked, page by page', async () => {
  const role = (RoleName: string, days: number) => ({ RoleName, Arn: `arn:${RoleName}`, CreateDate: daysAgo(days) });
  const pages: object[] = [
    { JobStatus: 'IN_PROGRESS' },
    {
      JobStatus: 'COMPLETED',
      IsTruncated: true,
      Marker: 'm',
      ServicesLastAccessed: [{ ServiceNamespace: 'dynamodb', LastAuthenticated: daysAgo(90) }],
    },
    {
      JobStatus: 'COMPLETED',
      ServicesLastAccessed: [{ ServiceNamespace: 'xray' }, { ServiceNamespace: 'sqs', LastAuthenticated: daysAgo(91) }],
    },
  ];
  const asked: string[] = [];
  const client = answering((input, call) => {
    if (call === 'ListRolesCommand')
      return { Roles: [role('startup-mcp-prod-task', 91), role('startup-mcp-prod-new', 90), role('other-task', 400)] };
    if ('Arn' in input) asked.push(String(input.Arn));
    return 'Arn' in input ? { JobId: 'j' } : (pages.shift() ?? {});
  });
  expect(await unusedServices.look(await around(client))).toEqual([
    expect.objectContaining({
      subject: 'startup-mcp-prod-task',
      verdict: 'attention',
      says: expect.stringContaining('has not used xray, sqs for 90 days'),
    }),
    expect.objectContaining({ verdict: 'ok', says: '0 of 1 are well' }),
  ]);
  expect(asked).toEqual(['arn:startup-mcp-prod-task']);
});

it('names what can be reached from outside, and that nobody looks', async () => {
  const finding = { id: 'f-1', resource: 'arn:aws:s3:::open', status: 'ACTIVE' };
  const analyzer = { arn: 'arn:a', type: 'ACCOUNT', status: 'ACTIVE' };
  const seen = async (analyzers: object[], findings: object[]) => {
    const client = answering((input) => ('analyzerArn' in input ? { findings } : { analyzers }));
    return (await outsideAccess.look(await around(client))).map(({ verdict, subject }) => [verdict, subject]);
  };
  expect(await seen([analyzer], [finding])).toEqual([['broken', 'arn:aws:s3:::open']]);
  expect(await seen([analyzer], [])).toEqual([['ok', 'us-east-1']]);
  const unused = { ...analyzer, type: 'ACCOUNT_UNUSED_ACCESS' };
  expect(await seen([unused], [finding])).toEqual([['attention', 'us-east-1']]);
  expect(
    await seen(
      [analyzer],
      Array.from({ length: 22 }, () => finding),
    ),
  ).toHaveLength(21);
});

describe('of an account', () => {
  const region = 'us-east-1';
  const environment = 'examples/startup/prod';
  const standIn = onStandIn(environment);
  const review = async (...checks: string[]) => {
    const args = checks.flatMap((check) => ['--check', check]);
    const code = await standIn.run(securityReview, ['--environment', environment, '--json', ...args]);
    const found = JSON.parse(standIn.lines.at(-1) ?? '[]') as Finding[];
    return { code, found: found.map(({ check, verdict, subject, says }) => [check, verdict, subject, says]) };
  };

  it('names roles that may do everything, by their own policies, customers’ and those of AWS', async () => {
    const iam = new IAMClient({ region });
    for (const RoleName of ['own', 'customer', 'admin', 'modest'])
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}' }));
    await iam.send(
      new CreateRoleCommand({ RoleName: 'aws', Path: '/aws-service-role/x/', AssumeRolePolicyDocument: '{}' }),
    );
    const everything = policy({ Action: '*', Resource: '*' });
    await iam.send(new PutRolePolicyCommand({ RoleName: 'own', PolicyName: 'p', PolicyDocument: everything }));
    await iam.send(new PutRolePolicyCommand({ RoleName: 'aws', PolicyName: 'p', PolicyDocument: everything }));
    const made = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'c', PolicyDocument: policy({ Action: 's3:*', Resource: '*' }) }),
    );
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'customer', PolicyArn: made.Policy?.Arn }));
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'admin', PolicyArn }));
    expect(await review('wildcards', 'unused roles')).toEqual({
      code: 1,
      found: [
        ['unused roles', 'ok', 'roles', '4 of 4 are well'],
        ['wildcards', 'broken', 'own', 'may p: every action'],
        ['wildcards', 'attention', 'customer', 'may c: s3:* on every resource'],
        ['wildcards', 'broken', 'admin', 'may AdministratorAccess of AWS'],
        ['wildcards', 'ok', 'roles', '1 of 4 are well'],
      ],
    });
  });

  it('names groups that let the world in', async () => {
    const ec2 = new EC2Client({ region });
    const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId;
    const group = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: 'ssh', Description: 'd' }));
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group.GroupId, IpPermissions }));
    const { code, found } = await review('open ports');
    expect(code).toBe(1);
    expect(found[0]).toEqual([
      'open ports',
      'broken',
      `${group.GroupId} ssh`,
      'lets everybody in at tcp 22: allow named sources only',
    ]);
  });

  it('says which logs arrive, and whether a trail is on', async () => {
    expect((await review('logs', 'trail')).found).toEqual([
      ['logs', 'broken', 'logs', expect.stringContaining('no log group')],
      ['trail', 'broken', 'trail', expect.stringContaining('there is none')],
    ]);
    const logs = new CloudWatchLogsClient({ region });
    for (const logGroupName of ['/aws/lambda/startup-mcp-prod-service', '/other'])
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
    // Of the environment whose prefix is startup-mcp-prod-eu.
    const tags = { Project: 'startup-mcp', Environment: 'prod-eu' };
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/startup-mcp-prod-eu-service', tags }));
    const logGroupName = '/aws/lambda/startup-mcp-prod-service';
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
    const logEvents = [{ timestamp: Date.now() - 3_600_000, message: 'm' }];
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
    await new S3Client({ region, endpoint: standIn.url(), forcePathStyle: true }).send(
      new CreateBucketCommand({ Bucket: 'trail-files' }),
    );
    const cloudtrail = new CloudTrailClient({ region });
    const trail = { Name: 'all', S3BucketName: 'trail-files', IsMultiRegionTrail: true, EnableLogFileValidation: true };
    await cloudtrail.send(new CreateTrailCommand(trail));
    expect((await review('logs', 'trail')).found).toEqual([
      ['logs', 'ok', logGroupName, 'had its last record 1 hours ago'],
      ['trail', 'broken', 'all', expect.stringContaining('is switched off')],
    ]);
    await cloudtrail.send(new StartLoggingCommand({ Name: 'all' }));
    expect((await review('trail')).found).toMatchObject([['trail', 'ok', 'all', expect.stringContaining('is on')]]);
  });
});
