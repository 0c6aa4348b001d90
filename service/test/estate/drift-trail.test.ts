import { createClients } from '../../src/packs/tagging/aws/clients.ts';
import { createSessions } from '../../src/packs/tagging/aws/sessions.ts';
import { createAwsTrail } from '../../src/packs/tagging/aws/trail.ts';
import type { TagDrift } from '../../src/packs/tagging/drift/compare.ts';
import { attributionKey } from '../../src/packs/tagging/drift/trail.ts';
import { awsError, type Edge, startEdge } from './edge.ts';
import { east, home, member, useTestCredentials, west } from './moto-cloud.ts';
import { contextFor, countingMetrics } from './pack.ts';
import { type RecordedCall, trailStandIn } from './trail-stand-in.ts';

const since = '2026-11-13T00:00:00.000Z';
const who = (name: string) => `arn:aws:sts::${home}:assumed-role/Developers/${name}`;

const drift = (
  type: TagDrift['resource']['type'],
  arn: string,
  tag: string,
  more: Partial<TagDrift> = {},
): TagDrift => ({
  resource: {
    ...{ arn, type, accountId: arn.split(':')[4] || home, region: arn.split(':')[3] || east },
    id: arn.split(/[/:]/).at(-1) ?? '',
  },
  ...{ tag, driftType: 'changed', oldValue: 'a', newValue: 'b', severity: 'warning' },
  ...more,
});
const instance = (id: string, region = east, account = home) =>
  drift('ec2:instance', `arn:aws:ec2:${region}:${account}:instance/${id}`, 'Owner');
const ofEc2 = (id: string, by: string, more: Partial<RecordedCall> = {}): RecordedCall => ({
  ...{ at: '2026-11-15T10:00:00Z', source: 'ec2.amazonaws.com', name: 'CreateTags', by: who(by), region: east },
  resources: [id],
  parameters: { resourcesSet: { items: [{ resourceId: id }] }, tagSet: { items: [{ key: 'Owner', value: 'b' }] } },
  ...more,
});

const session = `<Credentials><AccessKeyId>ASIAMEMBER</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`;
const sts: Record<string, string> = {
  GetCallerIdentity: `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::${home}:assumed-role/task/x</Arn><Account>${home}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  AssumeRole: `<AssumeRoleResponse><AssumeRoleResult>${session}</AssumeRoleResult></AssumeRoleResponse>`,
};

describe('Who changed a tag, by CloudTrail', () => {
  let edge: Edge;
  beforeAll(async () => {
    useTestCredentials();
    edge = await startEdge('http://127.0.0.1:9');
  });
  afterAll(() => edge.stop());

  /** @param refused accounts whose role may not look up events */
  const asked = async (drifts: readonly TagDrift[], recorded: readonly RecordedCall[], refused: string[] = []) => {
    let clock = 0;
    edge.calls.length = 0;
    const answer = trailStandIn(recorded, () => clock);
    edge.answer = (call) => {
      const xml = sts[call.action];
      if (xml !== undefined) return { status: 200, xml };
      const denied = awsError(400, 'AccessDeniedException', 'not authorized to perform: cloudtrail:LookupEvents');
      return refused.includes(call.accessKeyId) ? denied : answer(call);
    };
    const settings = {
      region: east,
      endpoint: edge.url,
      accounts: [home, member],
      regions: [east, west],
      roleName: 'R',
    };
    const { metrics } = countingMetrics();
    const sessions = createSessions({ ...settings, externalId: undefined }, metrics, () => new Date(), 1000);
    const clients = createClients({ ...settings, externalId: undefined }, sessions);
    const parts = { sessions, clients, metrics, timeouts: { callMs: 1000, regionMs: 1000 } };
    const sleep = async (milliseconds: number) => {
      clock += milliseconds;
    };
    const { writers, failures } = await createAwsTrail(parts, () => clock, sleep).writersOf(
      drifts,
      since,
      contextFor(),
    );
    const by = drifts.map((each) => writers.get(attributionKey(each))?.by?.split('/').at(-1));
    const at = drifts.map((each) => writers.get(attributionKey(each))?.at);
    return { by, at, failures, clock, calls: edge.calls.filter(({ service }) => service === 'cloudtrail') };
  };

  it('is who wrote it last', async () => {
    const records = [ofEc2('i-1', 'kim'), ofEc2('i-1', 'lee', { at: '2026-11-16T10:00:00Z' }), ofEc2('i-2', 'max')];
    const { by, at, failures } = await asked([instance('i-1')], records);
    expect([by, at, failures]).toEqual([['lee'], ['2026-11-16T10:00:00.000Z'], []]);
  });

  it.each<[string, Partial<RecordedCall>]>([
    ['wrote another tag', { parameters: { resourceId: 'i-1', tagSet: [{ key: 'Name' }] } }],
    ['was refused', { errorCode: 'UnauthorizedOperation' }],
    ['wrote no tag', { name: 'StopInstances' }],
    ['came before the snapshot', { at: '2026-11-12T10:00:00Z' }],
    ['was in another region', { region: west }],
    ['was of another service, about something of the same id', { source: 'rds.amazonaws.com' }],
  ])('is nobody whose call %s', async (_what, more) => {
    expect((await asked([instance('i-1')], [ofEc2('i-1', 'kim', more)])).by).toEqual([undefined]);
  });

  it('is found on a later page, beyond fifty other calls', async () => {
    const others = Array.from({ length: 70 }, (_, minute) =>
      ofEc2('i-1', 'robot', {
        name: 'RebootInstances',
        at: `2026-11-16T11:${String(minute % 60).padStart(2, '0')}:00Z`,
      }),
    );
    expect((await asked([instance('i-1')], [...others, ofEc2('i-1', 'kim')])).by).toEqual(['kim']);
  });

  it('is found by the ARN, and among calls of the tagging API, which names no resource it can be looked up by', async () => {
    const database = drift('rds:db', `arn:aws:rds:${east}:${home}:db:orders`, 'Owner');
    const fn = drift('lambda:function', `arn:aws:lambda:${east}:${home}:function:orders`, 'Owner', {
      driftType: 'removed',
      newValue: null,
    });
    const { by } = await asked(
      [database, fn],
      [
        ofEc2('x', 'kim', {
          source: 'rds.amazonaws.com',
          name: 'AddTagsToResource',
          resources: [database.resource.arn],
          parameters: { resourceName: database.resource.arn, tags: [{ key: 'Owner', value: 'b' }] },
        }),
        ofEc2('x', 'lee', {
          source: 'tagging.amazonaws.com',
          name: 'UntagResources',
          resources: [],
          parameters: { resourceARNList: [fn.resource.arn], tagKeys: ['Owner'] },
        }),
      ],
    );
    expect(by).toEqual(['kim', 'lee']);
  });

  it('is looked for where a whole account is recorded, also for what is told under another region', async () => {
    const zone = drift('route53:hostedzone', 'arn:aws:route53:::hostedzone/Z1', 'Owner');
    const told = { ...zone, resource: { ...zone.resource, region: west } };
    const write = { source: 'route53.amazonaws.com', name: 'ChangeTagsForResource', region: east, resources: ['Z1'] };
    const { by } = await asked(
      [told],
      [ofEc2('x', 'kim', { ...write, parameters: { resourceId: 'Z1', addTags: [{ key: 'Owner' }] } })],
    );
    expect(by).toEqual(['kim']);
  });

  it('is who rewrote the tags of a bucket without it', async () => {
    const bucket = drift('s3:bucket', 'arn:aws:s3:::logs', 'Owner', { driftType: 'removed', newValue: null });
    const put = { source: 's3.amazonaws.com', name: 'PutBucketTagging', resources: ['logs'] };
    const record = ofEc2('x', 'kim', { ...put, parameters: { bucketName: 'logs', Tagging: {} } });
    expect((await asked([bucket], [record])).by).toEqual(['kim']);
  });

  it('asks fifty in a region at two calls a second, and no more than that', async () => {
    const drifts = Array.from({ length: 50 }, (_, at) => instance(`i-${at}`));
    const { by, failures, calls, clock } = await asked(
      drifts,
      drifts.map(({ resource }) => ofEc2(resource.id, 'kim')),
    );
    expect([new Set(by), failures, calls.length]).toEqual([new Set(['kim']), [], 50]);
    expect(clock).toBe(24_500);
  });

  it('says which account refused, and tells what others recorded', async () => {
    const drifts = [instance('i-1'), instance('i-2', west, member)];
    const { by, failures } = await asked(drifts, [ofEc2('i-1', 'kim')], ['ASIAMEMBER']);
    expect(by).toEqual(['kim', undefined]);
    expect(failures).toEqual([
      {
        ...{ accountId: member, region: west, code: 'access_denied' },
        message: 'cloudtrail refused: the role lacks cloudtrail:LookupEvents.',
      },
    ]);
  });
});
