/** Tag policies read from AWS Organizations: moto for what it knows, and answers as the API's own reference spells them for the rest. */
import {
  AttachPolicyCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { openAwsEstate } from '../../src/packs/tagging/aws/index.ts';
import { EFFECTIVE, type Organizations, ownTagPolicy } from '../../src/packs/tagging/policy/organizations.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { awsError, type Edge, startEdge } from './edge.ts';
import { east, home, useTestCredentials } from './moto-cloud.ts';
import { countingMetrics } from './pack.ts';

const content = { tags: { owner: { tag_key: { '@@assign': 'Owner' } } } };
const signal = AbortSignal.timeout(60_000);

await describeWith(['moto_server'], 'Tag policies of AWS Organizations', () => {
  let moto: TestServer;
  let edge: Edge;
  let organizations: Organizations;
  let policyId = '';

  beforeAll(async () => {
    useTestCredentials();
    moto = await startMoto();
    const client = new OrganizationsClient({ endpoint: moto.url, region: east });
    await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    const { Roots = [] } = await client.send(new ListRootsCommand({}));
    const made = { Name: 'owners', Description: 'Who answers', Type: 'TAG_POLICY' } as const;
    const { Policy } = await client.send(new CreatePolicyCommand({ ...made, Content: JSON.stringify(content) }));
    policyId = Policy?.PolicySummary?.Id ?? '';
    await client.send(new AttachPolicyCommand({ PolicyId: policyId, TargetId: Roots[0]?.Id }));
    client.destroy();
    edge = await startEdge(moto.url);
    const config = {
      ...{ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: edge.url, ESTATE_ACCOUNTS: [], ESTATE_REGIONS: [east] },
      CROSS_ACCOUNT_ROLE_NAME: 'CrossAccountTagAuditRole',
    };
    ({ organizations } = openAwsEstate({ config, metrics: countingMetrics().metrics, now: () => new Date() }));
  }, 120_000);
  beforeEach(() => {
    edge.answer = () => undefined;
    edge.calls.length = 0;
  });
  afterAll(async () => {
    await edge?.stop();
    await moto?.stop();
  });

  it('are listed and read in the one region that answers, with the service’s own role', async () => {
    expect(await organizations.list(signal)).toEqual([{ policyId, name: 'owners', description: 'Who answers' }]);
    expect(await organizations.read(policyId, signal)).toEqual({ policyId, content, updatedAt: null });
    const asked = edge.calls.filter(({ service }) => service === 'organizations');
    expect(new Set(asked.map(({ region }) => region))).toEqual(new Set([east]));
  });

  it('are found where they are attached, up to the root', async () => {
    expect(await organizations.attached(signal)).toEqual([policyId]);
    const targets = edge.calls
      .filter(({ action }) => action === 'ListPoliciesForTarget')
      .map(({ body }) => JSON.parse(body).TargetId);
    expect(targets[0]).toBe(home);
    expect(targets.at(-1)).toMatch(/^r-/);
  });

  it('are absent where there is no such id, and where it is of another kind of policy', async () => {
    expect(await organizations.read('p-nosuchpolicy', signal)).toBeUndefined();
    const { PolicySummary = {} } = { PolicySummary: { Type: 'SERVICE_CONTROL_POLICY' } };
    edge.answer = ({ action }) =>
      action === 'DescribePolicy' ? { status: 200, json: { Policy: { PolicySummary, Content: '{}' } } } : undefined;
    expect(await organizations.read(policyId, signal)).toBeUndefined();
  });

  it('in effect come merged, with their time', async () => {
    const merged = { tags: { owner: { tag_key: 'Owner' } } };
    edge.answer = ({ action }) =>
      action === 'DescribeEffectivePolicy'
        ? {
            status: 200,
            json: { EffectivePolicy: { PolicyContent: JSON.stringify(merged), LastUpdatedTimestamp: 1_780_000_000 } },
          }
        : undefined;
    const expected = { policyId: EFFECTIVE, content: merged, updatedAt: new Date(1_780_000_000_000).toISOString() };
    expect(await ownTagPolicy(organizations, undefined, signal)).toEqual(expected);
  });

  it('are the attached one where none is in effect', async () => {
    edge.answer = ({ action }) =>
      action === 'DescribeEffectivePolicy' ? awsError(400, 'EffectivePolicyNotFoundException') : undefined;
    expect(await ownTagPolicy(organizations, undefined, signal)).toMatchObject({ policyId });
  });

  it('are none where the account is in no organization', async () => {
    edge.answer = ({ service }) =>
      service === 'organizations' ? awsError(400, 'AWSOrganizationsNotInUseException') : undefined;
    expect(await ownTagPolicy(organizations, undefined, signal)).toBeUndefined();
  });

  it('that may not be read are refused with the action that is missing', async () => {
    const message = `User: arn:aws:sts::${home}:assumed-role/x/y is not authorized to perform: organizations:ListPolicies`;
    edge.answer = ({ service }) =>
      service === 'organizations' ? awsError(400, 'AccessDeniedException', message) : undefined;
    await expect(organizations.list(signal)).rejects.toMatchObject({
      code: 'access_denied',
      message: expect.stringContaining('organizations:ListPolicies'),
    });
    await expect(ownTagPolicy(organizations, undefined, signal)).rejects.toMatchObject({ code: 'access_denied' });
  });

  it('whose content is no JSON are an error of AWS', async () => {
    edge.answer = ({ action }) =>
      action === 'DescribeEffectivePolicy'
        ? { status: 200, json: { EffectivePolicy: { PolicyContent: '<html>' } } }
        : undefined;
    await expect(organizations.effective(signal)).rejects.toMatchObject({ code: 'upstream_error' });
  });

  it('say which keys are required there', async () => {
    const tags = [
      { ResourceType: 'ec2:instance', ReportingTagKeys: ['Owner', 'CostCenter'] },
      { ReportingTagKeys: ['Owner'] },
    ];
    edge.answer = ({ action }) =>
      action === 'ListRequiredTags' ? { status: 200, json: { RequiredTags: tags } } : undefined;
    expect(await organizations.required(signal)).toEqual(['CostCenter', 'Owner']);
  });
});
