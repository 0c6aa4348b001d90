import { packs } from '../../contracts/packs/index.ts';
import { actionsAllowed, decide, rulesOf } from '../testing/policy.ts';
import { synthesized } from '../testing/synthesized.ts';
import { TaskRole, type TaskRoleProps } from './task-role.ts';

const account = '111122223333';
const tableArn = (name: string) => `arn:aws:dynamodb:us-east-1:${account}:table/cs-${name}`;
const assumed = {
  accounts: [account, '444455556666'],
  role: 'CrossAccountTagAuditRole',
  externalId: 'finops-mcp-cross-account-v1',
};
const tools = {
  packs: [{ contract: packs.tagging, regions: ['us-east-1', 'us-west-2'], assumed }],
  accountId: account,
  own: { project: 'tagging-mcp', bucketArns: ['arn:aws:s3:::tagging-mcp-archive'] },
} satisfies TaskRoleProps['tools'];
const build = (grants: Partial<TaskRoleProps>) =>
  synthesized(
    (stack) => new TaskRole(stack, 'task', { name: 'a-task-role', accountId: account, region: 'us-east-1', ...grants }),
  );
const rules = (grants: Partial<TaskRoleProps>) => rulesOf(build(grants), 'task_permissions');
const asked = (grants: Partial<TaskRoleProps>, action: string, resource = '*', context: Record<string, string> = {}) =>
  decide(rules(grants), { action, resource, context }).allowed;

describe('the task role', () => {
  it('is taken by tasks of the own account alone', () => {
    const role = build({ tools });
    expect(role.one('aws_iam_role')).toMatchObject({ name: 'a-task-role', max_session_duration: 3600 });
    expect(rulesOf(role, 'task_trust')).toEqual([
      {
        actions: ['sts:AssumeRole'],
        principals: [{ type: 'Service', identifiers: ['ecs-tasks.amazonaws.com'] }],
        condition: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: [account] }],
      },
    ]);
  });

  it('has no policy at all where nothing is granted', () => {
    expect(build({}).addresses).toEqual([expect.stringMatching(/^aws_iam_role\.task_role_/)]);
  });

  it('allows what the tools of its packs declare, and not one action more', () => {
    const declared = Object.values(packs.tagging.tools).flatMap((tool) => tool.actions);
    expect(actionsAllowed(rules({ tools }))).toEqual([...new Set(declared)].sort());
  });

  it('has the actions of the types that are chosen, on resources of those and of no others', () => {
    const chosen = { ...tools, packs: tools.packs.map((pack) => ({ ...pack, chosen: ['ec2:volume', 'rds:cluster'] })) };
    const allowed = actionsAllowed(rules({ tools: chosen }));
    expect(allowed).toEqual(
      expect.arrayContaining(['ec2:DescribeVolumes', 'rds:AddTagsToResource', 'tag:GetResources']),
    );
    expect(allowed.filter((action) => /Instances|^(s3|ecs|lambda|es):/.test(action))).toEqual([]);
    const inRegion = { 'aws:RequestedRegion': 'us-east-1' };
    const may = (action: string, resource: string) =>
      asked({ tools: chosen }, action, `arn:aws:${resource.replace('@', `us-east-1:${account}`)}`, inRegion);
    expect(may('ec2:CreateTags', 'ec2:@:volume/vol-1')).toBe(true);
    expect(may('ec2:CreateTags', 'ec2:@:instance/i-1')).toBe(false);
    expect(may('rds:AddTagsToResource', 'rds:@:cluster:ledger')).toBe(true);
    expect(may('rds:AddTagsToResource', 'rds:@:db:orders')).toBe(false);
  });

  it('writes tags in the estate’s regions, on the kinds of resources it knows', () => {
    const instance = `arn:aws:ec2:us-west-2:${account}:instance/i-1`;
    const inRegion = (region: string) => ({ 'aws:RequestedRegion': region });
    expect(asked({ tools }, 'ec2:CreateTags', instance, inRegion('us-west-2'))).toBe(true);
    expect(asked({ tools }, 'ec2:CreateTags', instance, inRegion('eu-west-1'))).toBe(false);
    expect(
      asked({ tools }, 'ec2:CreateTags', `arn:aws:ec2:us-west-2:${account}:route-table/r`, inRegion('us-west-2')),
    ).toBe(false);
    expect(asked({ tools }, 'tag:TagResources', '*', inRegion('us-east-1'))).toBe(true);
    expect(asked({ tools }, 'tag:TagResources', '*', inRegion('eu-west-1'))).toBe(false);
  });

  it('writes what belongs to a whole account in us-east-1, whatever the estate’s regions, and nothing else there', () => {
    const abroad = { packs: tools.packs.map((pack) => ({ ...pack, regions: ['eu-west-1'] })) };
    const here = { 'aws:RequestedRegion': 'us-east-1' };
    const inEurope = { ...tools, ...abroad };
    const zone = 'arn:aws:route53:::hostedzone/Z1';
    const distribution = `arn:aws:cloudfront::${account}:distribution/E1`;
    expect(asked({ tools: inEurope }, 'route53:ChangeTagsForResource', zone, here)).toBe(true);
    expect(asked({ tools: inEurope }, 'cloudfront:TagResource', distribution, here)).toBe(true);
    expect(asked({ tools: inEurope }, 'tag:TagResources', '*', here)).toBe(true);
    expect(asked({ tools: inEurope }, 'ec2:CreateTags', `arn:aws:ec2:us-east-1:${account}:instance/i`, here)).toBe(
      false,
    );
    const chosen = { ...inEurope, packs: inEurope.packs.map((pack) => ({ ...pack, chosen: ['ec2:instance'] })) };
    expect(asked({ tools: chosen }, 'tag:TagResources', '*', here)).toBe(false);
    expect(asked({ tools: chosen }, 'tag:TagResources', '*', { 'aws:RequestedRegion': 'eu-west-1' })).toBe(true);
  });

  it('reads tag policies of AWS only where a setting says so', () => {
    const where = (settings: Readonly<Record<string, unknown>>) => ({
      tools: { ...tools, packs: tools.packs.map((pack) => ({ ...pack, settings })) },
    });
    const reads = (settings: Readonly<Record<string, unknown>>) =>
      ['organizations:DescribeEffectivePolicy', 'tag:ListRequiredTags'].map((action) =>
        asked(where(settings), action, '*'),
      );
    expect(reads({})).toEqual([false, false]);
    expect(reads({ auto_import_aws_policy: false, read_aws_tag_policies: true })).toEqual([true, true]);
    expect(reads({ auto_import_aws_policy: true })).toEqual([true, true]);
  });

  it('leaves Countersign’s own tags alone', () => {
    const cluster = `arn:aws:ecs:us-east-1:${account}:cluster/any`;
    const own = { 'aws:ResourceTag/ManagedBy': 'countersign', 'aws:ResourceTag/Project': 'tagging-mcp' };
    const region = { 'aws:RequestedRegion': 'us-east-1' };
    expect(asked({ tools }, 'ecs:TagResource', cluster, region)).toBe(true);
    expect(asked({ tools }, 'ecs:TagResource', cluster, { ...region, ...own })).toBe(false);
    const bucket = { ...region, 'aws:ResourceAccount': account };
    expect(asked({ tools }, 's3:PutBucketTagging', 'arn:aws:s3:::theirs', bucket)).toBe(true);
    expect(
      asked({ tools }, 's3:PutBucketTagging', 'arn:aws:s3:::theirs', { ...bucket, 'aws:ResourceAccount': '9' }),
    ).toBe(false);
    expect(asked({ tools }, 's3:PutBucketTagging', 'arn:aws:s3:::tagging-mcp-archive', bucket)).toBe(false);
  });

  it('assumes the role of the estate’s other accounts, saying the external id', () => {
    const role = (accountId: string, name = 'CrossAccountTagAuditRole') => `arn:aws:iam::${accountId}:role/${name}`;
    const said = { 'sts:ExternalId': 'finops-mcp-cross-account-v1' };
    expect(asked({ tools }, 'sts:AssumeRole', role('444455556666'), said)).toBe(true);
    expect(asked({ tools }, 'sts:AssumeRole', role('444455556666'))).toBe(false);
    expect(asked({ tools }, 'sts:AssumeRole', role('999999999999'), said)).toBe(false);
    expect(asked({ tools }, 'sts:AssumeRole', role('444455556666', 'Admin'), said)).toBe(false);
    const alone = {
      ...tools,
      packs: [{ contract: packs.tagging, regions: [], assumed: { ...assumed, accounts: [] } }],
    };
    expect(actionsAllowed(rules({ tools: alone }))).not.toContain('sts:AssumeRole');
  });

  it('reads and writes rows, and removes none of the audit log', () => {
    const tables = { 'audit-logs': tableArn('audit-logs'), intents: tableArn('intents') };
    for (const action of ['GetItem', 'PutItem', 'Query'])
      expect(asked({ tables }, `dynamodb:${action}`, tables['audit-logs'])).toBe(true);
    expect(asked({ tables }, 'dynamodb:Query', `${tables['audit-logs']}/index/operationId-index`)).toBe(true);
    expect(asked({ tables }, 'dynamodb:Query', `${tables.intents}/index/any`)).toBe(false);
    for (const action of ['DeleteItem', 'UpdateItem'])
      expect(asked({ tables }, `dynamodb:${action}`, tables.intents)).toBe(true);
    expect(asked({ tables }, 'dynamodb:DeleteItem', tables['audit-logs'])).toBe(false);
    expect(asked({ tables }, 'dynamodb:UpdateItem', tables['audit-logs'])).toBe(false);
    expect(asked({ tables }, 'dynamodb:GetItem', tableArn('other'))).toBe(false);
    expect(asked({ tables, updatesTables: true }, 'dynamodb:UpdateItem', tables['audit-logs'])).toBe(true);
  });

  it('reads whole only the heads of the audit log', () => {
    const tables = { 'audit-logs': tableArn('audit-logs'), 'audit-heads': tableArn('audit-heads') };
    expect(asked({ tables }, 'dynamodb:Scan', tables['audit-heads'])).toBe(true);
    expect(asked({ tables }, 'dynamodb:Scan', tables['audit-logs'])).toBe(false);
  });

  it('adds anchors to the archive, and can take none away', () => {
    const anchorBucketArn = 'arn:aws:s3:::archive';
    const anchor = `${anchorBucketArn}/anchors/0000000001.json`;
    for (const action of ['PutObject', 'GetObject']) {
      expect(asked({ anchorBucketArn }, `s3:${action}`, anchor)).toBe(true);
      expect(asked({ anchorBucketArn }, `s3:${action}`, `${anchorBucketArn}/logs/x`)).toBe(false);
    }
    for (const action of ['DeleteObject', 'DeleteObjectVersion', 'BypassGovernanceRetention', 'PutObjectRetention'])
      expect(asked({ anchorBucketArn }, `s3:${action}`, anchor)).toBe(false);
    expect(asked({ anchorBucketArn }, 's3:ListBucket', anchorBucketArn, { 's3:prefix': 'anchors/' })).toBe(true);
    expect(asked({ anchorBucketArn }, 's3:ListBucket', anchorBucketArn, { 's3:prefix': 'logs/' })).toBe(false);
  });

  it('adds files for auditors to the archive, and neither reads, lists nor removes them', () => {
    const exportBucketArn = 'arn:aws:s3:::archive';
    const file = `${exportBucketArn}/audit-log/0a1b/0000000001-0000000500.ndjson.gz`;
    expect(asked({ exportBucketArn }, 's3:PutObject', file)).toBe(true);
    expect(asked({ exportBucketArn }, 's3:PutObject', `${exportBucketArn}/anchors/0000000001.json`)).toBe(false);
    for (const action of ['GetObject', 'DeleteObject', 'DeleteObjectVersion', 'BypassGovernanceRetention'])
      expect(asked({ exportBucketArn }, `s3:${action}`, file)).toBe(false);
    expect(asked({ exportBucketArn }, 's3:ListBucket', exportBucketArn, { 's3:prefix': 'audit-log/' })).toBe(false);
  });

  it('takes away the parts of its own uploads that failed', () => {
    const dataBucket = { arn: 'arn:aws:s3:::data', folders: ['packs/notes'] };
    const abort = 's3:AbortMultipartUpload';
    expect(asked({ dataBucket: { ...dataBucket, inParts: true } }, abort, 'arn:aws:s3:::data/packs/notes/x')).toBe(
      true,
    );
    expect(asked({ dataBucket: { ...dataBucket, inParts: true } }, abort, 'arn:aws:s3:::data/packs/other/x')).toBe(
      false,
    );
    expect(asked({ dataBucket }, abort, 'arn:aws:s3:::data/packs/notes/x')).toBe(false);
  });

  it('uses a key through the service whose data it encrypts, never directly', () => {
    const keys = { data: { keyArn: 'arn:aws:kms:us-east-1:1:key/a', services: ['dynamodb'] } };
    const via = (name: string) => ({ 'kms:ViaService': `${name}.us-east-1.amazonaws.com` });
    expect(asked({ keys }, 'kms:Decrypt', keys.data.keyArn, via('dynamodb'))).toBe(true);
    expect(asked({ keys }, 'kms:Decrypt', keys.data.keyArn, via('s3'))).toBe(false);
    expect(asked({ keys }, 'kms:Decrypt', keys.data.keyArn)).toBe(false);
  });

  it('grants a custom image its folders, its sender, its metrics and who people are', () => {
    const grants = {
      dataBucket: { arn: 'arn:aws:s3:::data', folders: ['alerts', 'temp'] },
      mail: {
        identityArn: 'arn:aws:ses:us-east-1:1:identity/marketing.example.com',
        from: 'no-reply@marketing.example.com',
      },
      metricNamespaces: ['marketing-mcp'],
      userPoolArn: 'arn:aws:cognito-idp:us-east-1:1:userpool/a',
    };
    expect(asked(grants, 's3:PutObject', 'arn:aws:s3:::data/alerts/1.json')).toBe(true);
    expect(asked(grants, 's3:PutObject', 'arn:aws:s3:::data/elsewhere/1.json')).toBe(false);
    expect(asked(grants, 's3:ListBucket', 'arn:aws:s3:::data', { 's3:prefix': 'temp/x' })).toBe(true);
    expect(asked(grants, 's3:ListBucket', 'arn:aws:s3:::data', { 's3:prefix': '' })).toBe(false);
    expect(
      asked(grants, 'ses:SendEmail', grants.mail.identityArn, { 'ses:FromAddress': 'no-reply@marketing.example.com' }),
    ).toBe(true);
    expect(
      asked(grants, 'ses:SendEmail', grants.mail.identityArn, { 'ses:FromAddress': 'ceo@marketing.example.com' }),
    ).toBe(false);
    expect(asked(grants, 'cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'AWS/ECS' })).toBe(false);
    expect(asked(grants, 'cognito-idp:AdminGetUser', grants.userPoolArn)).toBe(true);
    expect(asked(grants, 'cognito-idp:AdminCreateUser', grants.userPoolArn)).toBe(false);
  });

  it('opens a shell’s channels only where ECS Exec is on, and records what is said', () => {
    const shell = { logGroupArn: 'arn:aws:logs:us-east-1:1:log-group:exec', keyArn: 'arn:aws:kms:::key/logs' };
    expect(asked({ tools, traces: true }, 'ssmmessages:CreateDataChannel')).toBe(false);
    expect(asked({ shell }, 'ssmmessages:CreateDataChannel')).toBe(true);
    expect(asked({ shell }, 'logs:PutLogEvents', `${shell.logGroupArn}:log-stream:x`)).toBe(true);
    expect(asked({ shell }, 'kms:Decrypt', shell.keyArn)).toBe(true);
  });
});
