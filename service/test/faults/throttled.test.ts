/** The upstream throttles: waits grow and differ, what could be read or written stands, and the rest is told. */

import type { OpenPack } from '../../src/packs/pack.ts';
import { openTagging } from '../../src/packs/tagging/open.ts';
import { awsError, type Edge, startEdge, type UpstreamCall } from '../estate/edge.ts';
import { configFor, createFunctions, east, home, useTestCredentials, west } from '../estate/moto-cloud.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import { freePort, type TestServer } from '../servers/server.ts';
import { Scene, untagged } from './scene.ts';
import { type Answer, at, send, toolErrorOf } from './wire.ts';

describe('In the sandbox', () => {
  const throttledRegions = new Set<string>();
  /** Throttled from the first write on: what is read before is read. */
  let whileWriting: string | undefined;
  let scene: Scene;
  const [here, there] = ['us-east-1', 'eu-west-1'].map((region) => untagged.filter((arn) => arn.includes(region)));

  const open: OpenPack = async (services) => {
    const pack = await openTagging(services, { behaviour: { throttledRegions } });
    const tools = pack.tools.map((tool) => {
      if (tool.kind !== 'change') return tool;
      const apply: typeof tool.apply = (changes, context) => {
        if (whileWriting !== undefined) throttledRegions.add(whileWriting);
        return tool.apply(changes, context);
      };
      return { ...tool, apply };
    });
    return { ...pack, tools };
  };

  beforeAll(async () => {
    scene = await Scene.open({}, open);
  });
  afterEach(() => {
    throttledRegions.clear();
    whileWriting = undefined;
  });
  afterAll(() => scene?.watched.service.stop());

  it('a report says what it could not read, and its numbers are of the rest', async () => {
    const ana = await scene.caller('ana');
    const report = async () => at((await ana.execute('check_tag_compliance', { force_refresh: true })).json, 'result');
    const whole = await report();
    expect(at(whole, 'data_quality', 'status')).toBe('complete');
    throttledRegions.add('eu-west-1');
    const part = await report();
    expect(at(part, 'data_quality')).toMatchObject({
      status: 'partial',
      failed_regions: ['123456789012', '234567890123', '345678901234'].map((account_id) => ({
        account_id,
        region: 'eu-west-1',
        code: 'throttled',
        message: expect.stringContaining('the rate is exceeded'),
      })),
    });
    expect(at(part, 'regional_breakdown', 'eu-west-1')).toBeUndefined();
    expect(at(part, 'regional_breakdown', 'us-east-1')).toEqual(at(whole, 'regional_breakdown', 'us-east-1'));
    expect(at(part, 'total_resources')).toBeLessThan(Number(at(whole, 'total_resources')));
    // A part of the estate is not kept for the next hour as if it were the whole.
    throttledRegions.clear();
    const again = await ana.execute('check_tag_compliance', {});
    expect(at(again.json, 'result', 'data_quality', 'status')).toBe('complete');
    expect(at(again.json, 'result', 'total_resources')).toBe(at(whole, 'total_resources'));
  });

  it('nothing at all could be read: the report says so in place of a score', async () => {
    for (const region of ['us-east-1', 'us-west-2', 'eu-west-1']) throttledRegions.add(region);
    const answer = await (await scene.caller('ana')).execute('check_tag_compliance', { force_refresh: true });
    expect(at(answer.json, 'result')).toMatchObject({
      compliance_status: 'no_data',
      compliance_score: null,
      data_quality: { status: 'failed' },
    });
  });

  it('a change is not planned on what cannot be read', async () => {
    throttledRegions.add('eu-west-1');
    const args = { resource_arns: [here?.[0], there?.[0]], tags: { Owner: 'x@example.com' } };
    const ana = await scene.caller('ana');
    const rest = await ana.execute('bulk_tag_resources', args);
    expect([rest.status, at(rest.json, 'error')]).toEqual([
      503,
      expect.objectContaining({ code: 'throttled', message: expect.stringMatching(/^1 of 2 resources.*Try again/) }),
    ]);
    expect(toolErrorOf(await ana.tool('preview_bulk_tagging', args))?.code).toBe('throttled');
  });

  it('an approved change that cannot begin stays approved, and is applied when it can', async () => {
    const operation = await scene.ask('ana', [there?.[1] ?? '']);
    throttledRegions.add('eu-west-1');
    const outcome = await scene.approve('rest', 'ben', operation);
    expect([outcome.status, outcome.code]).toEqual([200, undefined]);
    expect((await scene.find(operation.operationId)).status).toBe('approved');
    scene.advance(60);
    await scene.watched.service.running.pipeline.resume(false);
    expect((await scene.find(operation.operationId)).status).toBe('approved');
    throttledRegions.clear();
    await scene.watched.service.running.pipeline.resume(false);
    expect((await scene.find(operation.operationId)).status).toBe('applied');
    expect(await scene.writes(operation.operationId)).toEqual(['started', 'success']);
  });

  it('a change that is throttled while it is written stands for the part that was written, and says which', async () => {
    const arns = [here?.[2] ?? '', there?.[2] ?? '', here?.[3] ?? ''];
    const operation = await scene.ask('ana', arns);
    whileWriting = 'eu-west-1';
    const ben = await scene.caller('ben');
    const decision = { request_id: operation.operationId, action: 'approve', approval_hash: operation.approvalHash };
    const approved = await ben.tool('approve_bulk_tagging_request', decision);
    expect(at(approved.json, 'result', 'structuredContent')).toMatchObject({
      status: 'partially_executed',
      resources_tagged: 2,
      failed: [{ arn: arns[1], code: 'ThrottlingException' }],
    });
    expect(await scene.writes(operation.operationId)).toEqual(['started', 'partial']);
    const owner = { Owner: at(operation.arguments, 'tags', 'Owner') };
    throttledRegions.clear();
    expect(await scene.tagsOf(arns[0] ?? '')).toMatchObject(owner);
    expect(await scene.tagsOf(arns[1] ?? '')).not.toHaveProperty('Owner');
    // Undoing it is about the part that was written.
    const revert = await (await scene.caller('ana')).execute('rollback_operation', {
      operation_id: operation.operationId,
    });
    expect(at(revert.json, 'result')).toMatchObject({ resources_affected: 2, status: 'awaiting-countersign' });
  });
});

await describeWith(['moto_server'], 'On AWS', () => {
  let moto: TestServer;
  let edge: Edge;
  let scene: Scene;
  let metricsPort: number;
  let scanning: Promise<Answer>;
  const times: { readonly region: string; readonly at: number }[] = [];
  const arn = (name: string, region = east) => `arn:aws:lambda:${region}:${home}:function:${name}`;

  beforeAll(async () => {
    useTestCredentials();
    moto = await startMoto();
    await createFunctions(await configFor(moto.url, home, east), ['one', 'two', 'three']);
    await createFunctions(await configFor(moto.url, home, west), ['far']);
    edge = await startEdge(moto.url);
    metricsPort = await freePort();
    const aws = { AWS_REGION: east, AWS_ENDPOINT_URL: edge.url, ESTATE_REGIONS: [east, west] };
    // The sandbox's people on the other estate: what they are allowed is not what is tried here.
    const open: OpenPack = (services) =>
      openTagging({ ...services, config: { ...services.config, ...aws, ESTATE: 'aws' } });
    scene = await Scene.open({ METRICS_PORT: String(metricsPort) }, open);
    edge.answer = (call) => onList(call) ?? onWrite(call);
    // It waits for long between its tries, so the other test runs meanwhile.
    scanning = (await scene.caller('ana')).execute('find_untagged_resources', { resource_types: ['lambda:function'] });
  }, 120_000);
  afterAll(async () => {
    await scene?.watched.service.stop();
    await edge?.stop();
    await moto?.stop();
  });

  /** Listings are throttled three times in one region, and for ever in the other. */
  const onList = ({ action, region }: UpstreamCall) => {
    if (!/^\/2015-03-31\/functions\/?(\?|$)/.test(action)) return undefined;
    times.push({ region, at: performance.now() });
    const before = times.filter((time) => time.region === region).length;
    return region === west || before <= 3 ? awsError(429, 'TooManyRequestsException') : undefined;
  };
  const isWrite = ({ action }: UpstreamCall): boolean => action === 'TagResources';
  /** One function's tags are never written; the answer takes the place of moto's, which is told of the others. */
  const onWrite = (call: UpstreamCall) => {
    if (!isWrite(call) || !call.body.includes(arn('two'))) return undefined;
    const { ResourceARNList, Tags } = JSON.parse(call.body);
    const others = ResourceARNList.filter((one: string) => one !== arn('two'));
    if (others.length > 0) void tagInMoto(moto.url, { ResourceARNList: others, Tags });
    const failed = { StatusCode: 400, ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' };
    return { status: 200, json: { FailedResourcesMap: { [arn('two')]: failed } } };
  };
  const gaps = (region: string): number[] => {
    const own = times.filter((time) => time.region === region).map((time) => time.at);
    return own.slice(1).map((time, place) => time - (own[place] ?? 0));
  };

  it('a resource that stays throttled while the others are written is told, after five tries', async () => {
    const operation = await scene.ask(
      'ana',
      ['one', 'two', 'three'].map((name) => arn(name)),
    );
    const outcome = await scene.approve('rest', 'ben', operation);
    expect(outcome.status).toBe(200);
    const done = await scene.find(operation.operationId);
    expect(done.status).toBe('partially-applied');
    expect(done.result).toMatchObject({ applied: 2, failed: 1, skipped: 0 });
    expect(done.result?.outcomes.find(({ resourceId }) => resourceId === arn('two'))).toMatchObject({
      outcome: 'failed',
      code: 'ThrottlingException',
    });
    const asked = edge.calls.filter(isWrite).map(({ body }) => JSON.parse(body).ResourceARNList);
    const again = Array.from({ length: 4 }, () => [arn('two')]);
    expect(asked).toEqual([[arn('one'), arn('two'), arn('three')], ...again]);
  });

  it('calls are repeated after waits that differ, then given up; the report tells what is missing', async () => {
    expect(at((await scanning).json, 'result')).toMatchObject({
      total_untagged: 3,
      data_quality: {
        status: 'partial',
        failed_types: [{ account_id: home, region: west, resource_type: 'lambda:function', code: 'throttled' }],
      },
    });
    const [here, there] = [gaps(east), gaps(west)];
    expect([here.length, there.length]).toEqual([3, 5]);
    // Full jitter: a wait is anything up to a limit that doubles, so that callers who met once do not meet again.
    for (const waits of [here, there])
      for (const [attempt, wait] of waits.entries()) expect(wait).toBeLessThan(1000 * 2 ** attempt + 2000);
    expect(new Set([...here, ...there].map((wait) => Math.round(wait))).size).toBeGreaterThan(4);
    const metrics = await (await send(`http://127.0.0.1:${metricsPort}`, '/metrics', { method: 'GET' })).text;
    expect(metrics).toMatch(/countersign_upstream_calls_total\{service="lambda",outcome="throttled"\} [4-9]/);
  }, 90_000);
});

/** Tags past the edge. */
const tagInMoto = async (url: string, body: unknown): Promise<void> => {
  const scope = `Credential=testing/20260101/${east}/tagging/aws4_request`;
  await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'ResourceGroupsTaggingAPI_20170126.TagResources',
      authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=x`,
    },
    body: JSON.stringify(body),
  });
};
