import { openAwsEstate } from '../../src/packs/tagging/aws/index.ts';
import type { Slice } from '../../src/packs/tagging/estate/estate.ts';
import { type Edge, startEdge } from './edge.ts';
import { home, member, useTestCredentials } from './moto-cloud.ts';
import { contextFor, countingMetrics } from './pack.ts';

const region = 'eusc-de-east-1';
const partition = 'aws-eusc';
let edge: Edge;

const session = `<Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`;
const answers: Record<string, string> = {
  GetCallerIdentity: `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:${partition}:sts::${home}:assumed-role/task/x</Arn><Account>${home}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  AssumeRole: `<AssumeRoleResponse><AssumeRoleResult>${session}</AssumeRoleResult></AssumeRoleResponse>`,
  DescribeInstances: `<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><instanceState><name>running</name></instanceState></item></instancesSet></item></reservationSet></DescribeInstancesResponse>`,
};

describe('A partition that was not there when this was written', () => {
  beforeAll(async () => {
    useTestCredentials();
    edge = await startEdge('http://127.0.0.1:9');
    edge.answer = ({ service, action }) => {
      const xml = answers[action];
      if (xml !== undefined) return { status: 200, xml };
      if (service === 'ce') return { status: 200, json: { ResultsByTime: [{ Groups: [] }] } };
      return { status: 200, json: { FailedResourcesMap: {} } };
    };
  });
  afterAll(() => edge.stop());

  const open = () =>
    openAwsEstate({
      config: {
        AWS_REGION: region,
        AWS_ENDPOINT_URL: edge.url,
        ESTATE_ACCOUNTS: [home, member],
        ESTATE_REGIONS: [region],
        CROSS_ACCOUNT_ROLE_NAME: 'CrossAccountTagAuditRole',
      },
      metrics: countingMetrics().metrics,
      now: () => new Date(),
    });
  const action = (name: string) => edge.calls.filter((call) => call.action === name);

  it('is in the roles that are assumed and the ARNs that are listed', async () => {
    const slices: Slice[] = [];
    const extent = { accounts: [home, member], regions: [region], types: ['ec2:instance'] as const };
    for await (const slice of open().estate.list(extent, contextFor())) slices.push(slice);
    expect(
      slices
        .flatMap((slice) => slice.resources)
        .map((each) => each.arn)
        .sort(),
    ).toEqual([
      `arn:${partition}:ec2:${region}:${home}:instance/i-1`,
      `arn:${partition}:ec2:${region}:${member}:instance/i-1`,
    ]);
    expect(decodeURIComponent(action('AssumeRole')[0]?.body ?? '')).toContain(
      `arn:${partition}:iam::${member}:role/CrossAccountTagAuditRole`,
    );
  });

  it('takes tags', async () => {
    const arn = `arn:${partition}:rds:${region}:${home}:db:orders`;
    expect(await open().estate.tag([arn], { Owner: 'a@example.com' }, contextFor())).toEqual([{ arn, ok: true }]);
    expect(JSON.parse(action('TagResources')[0]?.body ?? '').ResourceARNList).toEqual([arn]);
  });

  it('is asked about costs in a region of its own', async () => {
    const period = { start: '2026-10-21', end: '2026-11-20' };
    await open().costs.spend({ accounts: [home], regions: [region], period }, contextFor());
    const asked = edge.calls.filter((call) => call.service === 'ce');
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every((call) => call.region !== 'us-east-1')).toBe(true);
  });
});
