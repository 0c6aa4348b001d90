import { context, SpanKind, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { ec2Api } from './apis/ec2.ts';
import { rdsApi } from './apis/rds.ts';
import { createClients } from './clients.ts';
import { defaultTimeouts, newShared, placeAt } from './place.ts';
import { createSessions } from './sessions.ts';

const account = '111111111111';
const settings = { region: 'eu-west-1', accounts: [account], regions: ['eu-west-1'], roleName: 'r' };
const counted: string[] = [];
const metrics = {
  count: (name: string, dimensions: object, value = 1) =>
    void counted.push(`${name} ${Object.values(dimensions).join(' ')} ${value}`),
  observe: (name: string, dimensions: object) => void counted.push(`${name} ${Object.values(dimensions).join(' ')}`),
  set: () => {},
};

const open = async () => {
  const sessions = createSessions(
    { ...settings, endpoint: undefined, externalId: undefined },
    metrics,
    () => new Date(),
    1000,
  );
  const own = {
    ...sessions,
    own: async () => ({ accountId: account, partition: 'aws' }),
    credentials: async () => undefined,
  };
  const clients = createClients({ ...settings, endpoint: undefined, externalId: undefined }, own);
  const parts = { sessions: own, clients, metrics, timeouts: defaultTimeouts };
  return placeAt(parts, account, 'eu-west-1', new AbortController().signal, newShared());
};

describe('a call of a cloud service', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  beforeAll(() => provider.register());
  afterAll(async () => {
    await provider.shutdown();
    trace.disable();
    context.disable();
  });

  it('is a span of the client’s kind, and is counted with its tries', async () => {
    const place = await open();
    await place.send(ec2Api, async () => ({ $metadata: { attempts: 3 } }));
    const failed = Object.assign(new Error('arn:aws:iam::secret'), { name: 'ThrottlingException' });
    await expect(place.send(rdsApi, () => Promise.reject(failed))).rejects.toBe(failed);
    expect(counted).toEqual([
      'UpstreamDuration ec2',
      'UpstreamCalls ec2 throttled 2',
      'UpstreamCalls ec2 ok 1',
      'UpstreamDuration rds',
      'UpstreamCalls rds throttled 1',
    ]);
    const [ok, throttled] = exporter.getFinishedSpans();
    expect(ok).toMatchObject({
      name: 'aws ec2',
      kind: SpanKind.CLIENT,
      attributes: {
        'rpc.system': 'aws-api',
        'rpc.service': 'ec2',
        'cloud.account.id': account,
        'cloud.region': 'eu-west-1',
      },
    });
    expect(throttled?.attributes['error.type']).toBe('ThrottlingException');
    expect(JSON.stringify([throttled?.attributes, throttled?.events, throttled?.status])).not.toContain('secret');
  });
});
