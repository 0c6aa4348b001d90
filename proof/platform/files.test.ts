/**
 * The role of the running service against what it does with files: packs’ objects and the export for auditors run on a stand-in
 * for AWS, every call is recorded on the wire, and the synthesized role is asked whether it would have let it through.
 */

import '../../service/test/rigs/letters/contract.ts';

import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { decide, type JudgedStatement, rulesOf } from '../../modules/testing/policy.ts';
import { openArchive } from '../../service/src/archive/index.ts';
import { fileName } from '../../service/src/audit/export/file.ts';
import { parseConfig } from '../../service/src/config.ts';
import { linked, openObjects } from '../../service/src/objects/index.ts';
import { createLinks } from '../../service/src/objects/links.ts';
import { ownObjects } from '../../service/src/packs/own-objects.ts';
import type { ObjectEngine } from '../../service/src/ports/objects.ts';
import { type Edge, startEdge } from '../../service/test/estate/edge.ts';
import { contract, letters } from '../../service/test/rigs/letters/contract.ts';
import { startMoto } from '../../service/test/servers/moto.ts';
import { describeWith } from '../../service/test/servers/programs.ts';
import type { TestServer } from '../../service/test/servers/server.ts';
import { iamRequests } from './iam-requests.ts';
import { stacksOf } from './synth.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

const [data, archive] = ['data', 'archive'];
const accountId = '111122223333';
/** Statements of the role that are about files. */
const ofFiles = ['DataObjects', 'DataList', 'AuditExportWrite'];

const roleOf = async (): Promise<readonly JudgedStatement[]> => {
  const changes = { tool_packs: [letters], audit_archive: true, letters_role: 'Post' };
  const [stack] = (await stacksOf('dev', changes)).values();
  if (stack === undefined) throw new Error('no stack');
  const named = (arn: string): string =>
    arn.replace(/\$\{aws_s3_bucket\.bucket_(\w+)\.arn\}/, (_, bucket: string) => `arn:aws:s3:::${bucket}`);
  return rulesOf(stack, 'service_containers_task-role_permissions').map((rule) => ({
    ...rule,
    resources: rule.resources.map(named),
  }));
};

const megabytes = async function* (count: number, fails = false) {
  for (let i = 0; i < count; i += 1) yield Buffer.alloc(1024 * 1024);
  if (fails) throw new Error('the source broke off');
};

await describeWith(['moto_server'], 'The role of the service, for files', () => {
  let moto: TestServer;
  let edge: Edge;
  let engine: ObjectEngine;
  let rules: readonly JudgedStatement[];
  const objects = () => {
    const links = createLinks({ key: new Uint8Array(32), publicUrl: 'http://localhost', now: () => new Date() });
    return ownObjects(letters, contract, linked(engine, links));
  };

  beforeAll(async () => {
    [moto, rules] = await Promise.all([startMoto(), roleOf()]);
    const client = new S3Client({ region: 'us-east-1', endpoint: moto.url, forcePathStyle: true });
    for (const Bucket of [data, archive]) await client.send(new CreateBucketCommand({ Bucket }));
    client.destroy();
    edge = await startEdge(moto.url);
    const config = parseConfig({
      OBJECTS_BUCKET: data,
      AUDIT_EXPORT_BUCKET: archive,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: edge.url,
    });
    engine = await openObjects(config);
    const own = objects();
    await own.put('letters.csv', 'To,Text', { ifNoneMatch: '*' });
    await own.put('large', megabytes(9));
    await expect(own.put('broken', megabytes(9, true))).rejects.toThrow('broke off');
    (await own.get('letters.csv'))?.body.destroy();
    expect(await own.get('missing')).toBeUndefined();
    expect((await own.list('')).items).toHaveLength(2);
    await own.remove('large');
    // What the browser then does with the address, it does with the role's permission.
    await fetch((await engine.handOver('packs/letters/letters.csv', 'Letters.csv')) ?? '');
    await (await openArchive(config))?.create(fileName('ana', 1, 2), Buffer.from('x'));
  });
  afterAll(async () => {
    engine?.close();
    await edge?.stop();
    await moto?.stop();
  });

  const requests = () => edge.calls.flatMap((call) => iamRequests({ ...call, service: 's3' }, accountId));

  it('lets every call through', () => {
    const refused = requests().filter((request) => !decide(rules, request).allowed);
    expect([...new Set(refused.map(({ action, resource }) => `${action} ${resource}`))]).toEqual([]);
    expect(edge.calls.length).toBeGreaterThan(12);
  });

  it('allows nothing that is never asked for', () => {
    for (const sid of ofFiles) {
      const asked = requests().filter((request) => decide(rules, request).sid === sid);
      const allowed = rules.find((rule) => rule.sid === sid)?.actions ?? [];
      expect([sid, [...new Set(asked.map(({ action }) => action))].sort()]).toEqual([sid, [...allowed].sort()]);
    }
  });

  it('leaves the files of other packs, and what is archived, alone', () => {
    const may = (action: string, resource: string, context = {}) =>
      decide(rules, { action, resource, context }).allowed;
    for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'])
      expect(may(action, `arn:aws:s3:::${data}/packs/other/x`)).toBe(false);
    expect(may('s3:ListBucket', `arn:aws:s3:::${data}`, { 's3:prefix': 'packs/other/' })).toBe(false);
    expect(may('s3:ListBucket', `arn:aws:s3:::${data}`)).toBe(false);
    for (const action of ['s3:GetObject', 's3:DeleteObject', 's3:BypassGovernanceRetention'])
      expect(may(action, `arn:aws:s3:::${archive}/audit-log/${fileName('ana', 1, 2)}`)).toBe(false);
  });
});
