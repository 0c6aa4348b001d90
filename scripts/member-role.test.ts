import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  GetPolicyVersionCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { packs } from '../contracts/packs/index.ts';
import type { ActionContract } from '../contracts/packs/pack.ts';
import { firstTypeNames, taggableTypeNames } from '../contracts/packs/tagging/types/index.ts';
import { deploymentOf } from '../modules/stacks/deployment.ts';
import { repository, settingsOf } from '../modules/testing/synthesized.ts';
import { twoRegions } from '../modules/testing/two-regions.ts';
import { startMoto } from '../service/test/servers/moto.ts';
import { describeWith } from '../service/test/servers/programs.ts';
import type { TestServer } from '../service/test/servers/server.ts';
import { memberRole } from './member-role.ts';
import { allowedBy, inDocuments, type PolicyDocument } from './operate/member-role/document.ts';
import type { reportOf } from './operate/member-role/report.ts';
import { memberRoles } from './operate/member-role/role.ts';
import { type Host, runCommand } from './platform/command.ts';

const role = 'CrossAccountTagAuditRole';
const example = 'environments/examples/tag-governance/prod.tfvars';
const home = '111122223333';

let root: string;
let settings: string;
let lines: string[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'member-role-'));
  await mkdir(join(root, 'environments'));
  settings = await readFile(join(repository, example), 'utf8');
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(() => {
  lines = [];
});

/** Writes the environment prod with some settings of the example changed, and answers an own folder to write to. */
const environment = async (name: string, change: (text: string) => string = (text) => text): Promise<string> => {
  await writeFile(join(root, 'environments', 'prod.tfvars'), change(settings));
  return join(root, 'out', name);
};
const run = (args: readonly string[]): Promise<number> => {
  const host: Host = {
    root,
    env: {},
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    ask: undefined,
  };
  return runCommand(memberRole, args, host);
};
const said = () => lines.join('\n');
const terraformIn = (folder: string) => readFile(join(folder, `${role}.tf`), 'utf8');
const templateIn = async (folder: string) => JSON.parse(await readFile(join(folder, `${role}.stackset.json`), 'utf8'));
const documentsIn = async (folder: string): Promise<readonly PolicyDocument[]> => {
  const { Resources } = await templateIn(folder);
  return Object.values<{ Type: string; Properties: { PolicyDocument: PolicyDocument } }>(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')
    .map(({ Properties: { PolicyDocument } }) => PolicyDocument);
};

/** What the pack declares that is asked in a member account, for these types. */
const declared = (writes: boolean, types: readonly string[] = firstTypeNames): readonly string[] =>
  Object.entries<ActionContract>(packs.tagging.actions)
    .filter(([, { reach, writes: writing = false, homeOnly = false }]) => {
      const chosen = typeof reach === 'string' || !('chosen' in reach) || types.some((type) => type in reach.chosen);
      return reach !== 'assumed' && !homeOnly && chosen && (writes || !writing);
    })
    .map(([action]) => action)
    .sort();

describe('the role of a member account', () => {
  it('reads what the enabled packs read there, and writes nothing', async () => {
    const folder = await environment('reads');
    expect(await run(['--environment', 'prod', '--output', folder])).toBe(0);
    expect(allowedBy(await documentsIn(folder))).toEqual(declared(false));
    expect(declared(false)).toContain('tag:GetResources');
    expect(said()).toContain('writes    nothing');
    for (const action of ['sts:AssumeRole', 'sts:GetCallerIdentity']) expect(declared(true)).not.toContain(action);
  });

  it('has the actions of the types that the environment chose, and of no other', async () => {
    const types = ['ec2:volume', 's3:bucket'];
    const folder = await environment('types', (text) => `${text}\nestate_types = ${JSON.stringify(types)}\n`);
    expect(await run(['--environment', 'prod', '--write', '--output', folder])).toBe(0);
    expect(allowedBy(await documentsIn(folder))).toEqual(declared(true, types));
    expect(declared(true, types)).not.toContain('ec2:DescribeInstances');
  });

  it('holds every type there is within what AWS takes: 6,144 characters a policy, ten policies, 51,200 bytes a template', async () => {
    const folder = await environment('all', (text) => `${text}\nestate_types = ["all"]\n`);
    expect(await run(['--environment', 'prod', '--write', '--output', folder])).toBe(0);
    const documents = await documentsIn(folder);
    expect(allowedBy(documents)).toEqual(declared(true, taggableTypeNames));
    expect(documents.length).toBeLessThanOrEqual(10);
    // As CloudFormation fills it in.
    const filled = (document: PolicyDocument) =>
      JSON.stringify(document)
        .replaceAll(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
        .replaceAll('{"Ref":"AWS::AccountId"}', `"${home}"`)
        .replaceAll('${AWS::AccountId}', home);
    for (const document of documents) expect(filled(document).length).toBeLessThanOrEqual(6144);
    expect((await readFile(join(folder, `${role}.stackset.json`))).length).toBeLessThan(51_200);
    const global = documents.flatMap(({ Statement }) => Statement.filter(({ Sid }) => Sid === 'WriteGlobalResources'));
    expect(global).toMatchObject([{ Condition: { StringEquals: { 'aws:RequestedRegion': ['us-east-1'] } } }]);
  });

  it('writes with --write, in the regions of the estate, and leaves Countersign’s own tags alone', async () => {
    const folder = await environment('writes');
    expect(await run(['--environment', 'prod', '--write', '--output', folder])).toBe(0);
    const documents = await documentsIn(folder);
    expect(allowedBy(documents)).toEqual(declared(true));
    const writing = documents.flatMap(({ Statement }) => Statement.filter(({ Sid }) => Sid?.startsWith('Write')));
    for (const { Condition } of writing)
      expect(Condition).toMatchObject({ StringEquals: { 'aws:RequestedRegion': ['us-east-1', 'us-west-2'] } });
    const denied = documents.flatMap(({ Statement }) => Statement.filter(({ Effect }) => Effect === 'Deny'));
    expect(denied).toMatchObject([
      { Sid: 'DenyOwnTags', Condition: { StringEquals: { 'aws:ResourceTag/Project': ['tagging-mcp'] } } },
    ]);
  });

  it('trusts the service’s role by its name, and demands the external id, for an hour', async () => {
    const folder = await environment('trusts');
    await run(['--environment', 'prod', '--output', folder]);
    const { Resources } = await templateIn(folder);
    expect(Resources.Role.Properties).toEqual({
      RoleName: role,
      Description: 'What prod may do here, by its pack Tag governance: read',
      MaxSessionDuration: 3600,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${home}:root` },
            Action: 'sts:AssumeRole',
            Condition: {
              ArnEquals: { 'aws:PrincipalArn': [`arn:aws:iam::${home}:role/FinOpsTagComplianceFargateTaskRole`] },
              StringEquals: { 'sts:ExternalId': ['finops-mcp-cross-account-v1'] },
            },
          },
        ],
      },
    });
  });

  it('trusts the role of each region', async () => {
    const regions = await settingsOf('dev', twoRegions);
    const [first] = regions;
    if (first === undefined) throw new Error('no region');
    const operated = {
      environment: 'dev',
      label: 'dev',
      file: '',
      settings: first,
      deployments: regions.map((each, index) => deploymentOf(each, index, { target: { kind: 'aws' } })),
    };
    expect(memberRoles(operated, true)[0]?.assumedBy).toEqual([
      `arn:aws:iam::${home}:role/countersign-dev-task-role`,
      `arn:aws:iam::${home}:role/countersign-dev-task-role-eu-west-1`,
    ]);
  });

  it('says what it means that there is no external id', async () => {
    const folder = await environment('open', (text) => text.replace(/cross_account_external_id.*/, ''));
    expect(await run(['--environment', 'prod', '--output', folder])).toBe(2);
    expect(said()).toContain('cross_account_external_id is not set');
    expect(said()).toContain('confused deputy');
    expect(JSON.stringify(await templateIn(folder))).not.toContain('sts:ExternalId');
  });

  it('is refused where no pack assumes a role, and where somebody else’s file is in the way', async () => {
    await environment('other', (text) => text.replace('["tagging"]', '["marketing"]'));
    expect(await run(['--environment', 'prod', '--output', root])).toBe(1);
    expect(said()).toContain('none of tool_packs (marketing) does');
    const folder = await environment('taken');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${role}.stackset.json`), '{}');
    expect(await run(['--environment', 'prod', '--output', folder])).toBe(1);
    expect(said()).toContain('is there and is no template of this command');
  });

  it('says what changes when it is run again, and with --dry-run writes nothing', async () => {
    const folder = await environment('again');
    const args = ['--environment', 'prod', '--output', folder];
    await run(args);
    const before = await terraformIn(folder);
    lines = [];
    expect(await run([...args, '--dry-run'])).toBe(0);
    expect(said()).toContain('changed   nothing since the last run');
    lines = [];
    expect(await run([...args, '--write', '--dry-run'])).toBe(2);
    expect(said()).toMatch(/now too {3}.*ec2:CreateTags/);
    expect(await terraformIn(folder)).toBe(before);
    await run([...args, '--write']);
    lines = [];
    await run(args);
    expect(said()).toMatch(/no more {3}.*ec2:CreateTags/);
    await environment('again', (text) => text.replace('finops-mcp-cross-account-v1', 'finops-mcp-v2'));
    lines = [];
    await run(args);
    expect(said()).toContain('changed   the trust, the regions or the resources');
  });

  it('is reported as JSON', async () => {
    const folder = await environment('json');
    expect(await run(['--environment', 'prod', '--output', folder, '--json'])).toBe(0);
    const { roles }: { roles: readonly ReturnType<typeof reportOf>[] } = JSON.parse(lines.at(-1) ?? '');
    expect(roles).toMatchObject([
      {
        role,
        accounts: ['444455556666'],
        assumedBy: [`arn:aws:iam::${home}:role/FinOpsTagComplianceFargateTaskRole`],
        externalId: 'finops-mcp-cross-account-v1',
        sessionSeconds: 3600,
        read: declared(false),
        write: [],
        state: 'new',
      },
    ]);
  });
});

describe('what does not fit into one policy', () => {
  it('goes on in the next, and no action reaches further by that', () => {
    const services = Array.from({ length: 90 }, (_, index) => `service${index}`);
    const documents = inDocuments([
      {
        sid: 'ReadResources',
        actions: services.flatMap((service) => [`${service}:DescribeThings`, `${service}:ListTagsOfThings`]),
        resources: services.map((service) => `arn:aws:${service}:*:{account}:thing/*`),
      },
    ]);
    expect(documents.length).toBeGreaterThan(1);
    for (const document of documents) {
      expect(JSON.stringify(document).replaceAll('{account}', home).length).toBeLessThanOrEqual(6144);
      expect(document.Statement).toHaveLength(1);
    }
    expect(allowedBy(documents)).toHaveLength(180);
    expect(documents.flatMap(({ Statement }) => Statement.flatMap(({ Resource = [] }) => Resource))).toHaveLength(90);
  });
});

await describeWith(['terraform'], 'as Terraform', () => {
  it('is what terraform fmt would write', async () => {
    const folder = await environment('formatted');
    await run(['--environment', 'prod', '--write', '--output', folder]);
    const { stdout } = await promisify(execFile)('terraform', ['fmt', '-check', '-diff', folder]);
    expect(stdout).toBe('');
  });
});

await describeWith(['moto_server'], 'as a template of CloudFormation', () => {
  let moto: TestServer;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.stop());

  it('makes the role with its policies in the account it is created in', async () => {
    const folder = await environment('stack');
    await run(['--environment', 'prod', '--write', '--output', folder]);
    const body = new URLSearchParams({
      Action: 'CreateStack',
      Version: '2010-05-15',
      StackName: role,
      TemplateBody: JSON.stringify(await templateIn(folder)),
      'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
    });
    const authorization =
      'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=x';
    const created = await fetch(moto.url, { method: 'POST', headers: { authorization }, body });
    expect([created.status, await created.text()]).toEqual([200, expect.stringContaining('StackId')]);
    const iam = new IAMClient({
      region: 'us-east-1',
      endpoint: moto.url,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    });
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: role }));
    expect(Role?.MaxSessionDuration).toBe(3600);
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain('sts:ExternalId');
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: role }));
    const documents = await Promise.all(
      AttachedPolicies.map(async ({ PolicyArn }): Promise<PolicyDocument> => {
        const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
        return JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''));
      }),
    );
    iam.destroy();
    expect(AttachedPolicies.map(({ PolicyName }) => PolicyName).sort()).toEqual([`${role}-read`, `${role}-write`]);
    expect(allowedBy(documents)).toEqual(declared(true));
    expect(JSON.stringify(documents)).toContain('arn:aws:ec2:*:123456789012:instance/*');
    expect(JSON.stringify(documents)).not.toMatch(/\{account\}|AWS::/);
  });
});
