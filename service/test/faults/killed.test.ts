/** A real process is killed between an approval and its end: what was approved is applied exactly once, or waits again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../src/stores/postgres/embedded.ts';
import { type SpawnedService, spawnService } from '../rigs/service.ts';
import { putNewDatabase } from '../servers/new-database.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { Scene, untagged } from './scene.ts';
import { verifyAudit } from './verify-audit.ts';
import { connect } from './watched.ts';
import { at, Caller } from './wire.ts';

const program = 'service/test/faults/crashing.ts';
const environment = { ENCRYPTION_KEY: 'one key for all of them, as long as it has to be', LOG_LEVEL: 'warn' };

interface Asked {
  readonly operationId: string;
  readonly arns: readonly string[];
  readonly owner: string;
}

/** Asks for a change made to be interrupted at a moment. */
const ask = async (url: string, moment: string, place: number): Promise<Asked> => {
  const { caller } = await connect(url, 'ana', 'tag:write');
  const arns = untagged.slice(4 * place, 4 * place + 4);
  const owner = `${moment}-${place}@example.com`;
  const answer = await caller.execute('bulk_tag_resources', { resource_arns: arns, tags: { Owner: owner } });
  return { operationId: String(at(answer.json, 'result', 'request_id')), arns, owner };
};

/** Approves it, and sees the service die of it. */
const approveAndDie = async (url: string, { operationId }: Asked): Promise<void> => {
  const { caller } = await connect(url, 'ben', 'tag:approve');
  const answer = caller.execute('approve_bulk_tagging_request', await caller.approval(operationId));
  await expect(answer).rejects.toThrow(/socket hang up|ECONNRESET/);
};

const wrote = (output: string): string[] =>
  output.split('\n').flatMap((line) => (line.startsWith('wrote ') ? [line.slice('wrote '.length)] : []));

describe('A process with the embedded store that is killed', () => {
  const moments = ['approved', 'approved', 'started', 'half', 'written'] as const;
  const asked: Asked[] = [];
  const written: string[] = [];
  let folder: string;
  let last: SpawnedService;

  /** What somebody else does to a resource while nothing runs. */
  const moveTags = async (arn: string): Promise<void> => {
    const tables = await openEmbedded({ dataDir: folder });
    const accountId = arn.split(':')[4] ?? '';
    const row = await tables.get('sandbox-resources', { accountId, arn });
    if (row === undefined) throw new Error(`there is no resource ${arn}`);
    const record = row.record as { tags: Record<string, string> };
    const moved = { ...record, tags: { ...record.tags, Owner: 'somebody-else@example.com' } };
    await tables.put('sandbox-resources', { ...row, record: moved });
    await tables.close();
  };

  // One life after the other over the same folder: each ends at its moment, and the next goes on with what it left.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-killed-'));
    await putNewDatabase(folder);
    for (const [place, moment] of moments.entries()) {
      const life = await spawnService({ dataDir: folder, program, environment: { ...environment, CRASH_AT: moment } });
      const operation = await ask(life.url, moment, place);
      asked.push(operation);
      await approveAndDie(life.url, operation);
      await life.stop();
      written.push(...wrote(life.output()));
      if (place === 1) await moveTags(operation.arns[2] ?? '');
    }
    last = await spawnService({ dataDir: folder, program, environment });
    written.push(...wrote(last.output()));
  }, 180_000);
  afterAll(async () => {
    await last?.stop();
    await rm(folder, { recursive: true });
  });

  const operationOf = async ({ operationId }: Asked): Promise<unknown> => {
    const { caller } = await connect(last.url, 'vera');
    return at((await caller.execute('get_operation', { operation_id: operationId })).json, 'result');
  };

  it.each([
    ['between its approval and its start', 0],
    ['before the first write', 2],
    ['between two writes', 3],
    ['between the last write and its record', 4],
  ])('%s has the change applied, each resource once', async (_name, place) => {
    const operation = asked[place] as Asked;
    expect(await operationOf(operation)).toMatchObject({
      status: 'applied',
      result: { applied: 4, failed: 0, skipped: 0 },
      approvals: [{ by: 'ben@example.com', decision: 'approve' }],
    });
    for (const arn of operation.arns) expect(written.filter((one) => one === arn)).toHaveLength(1);
    const { caller } = await connect(last.url, 'vera');
    const seen = await caller.execute('preview_bulk_tagging', { resource_arns: operation.arns, tags: { Owner: 'x' } });
    const resources = at(seen.json, 'result', 'preview', 'resources');
    expect(resources).toHaveLength(4);
    for (const resource of resources as unknown[])
      expect(at(resource, 'current_tags')).toMatchObject({ Owner: operation.owner });
  });

  it('and whose resources moved meanwhile has the change waiting again, unwritten', async () => {
    const operation = asked[1] as Asked;
    expect(await operationOf(operation)).toMatchObject({ status: 'awaiting-countersign', approvals: [], result: null });
    for (const arn of operation.arns) expect(written).not.toContain(arn);
  });

  it('can undo all of it, and has an audit log that is whole', async () => {
    const { caller } = await connect(last.url, 'ana', 'tag:write');
    const revert = await caller.execute('rollback_operation', { operation_id: asked[3]?.operationId });
    expect(at(revert.json, 'result')).toMatchObject({ status: 'awaiting-countersign', resources_affected: 4 });
    expect(await last.terminate()).toBe(0);
    expect(await verifyAudit({ ...environment, DATA_DIR: folder })).toMatch(/are whole/);
  });
});

await describeWith(['initdb', 'postgres'], 'A task that is killed while another lives', () => {
  let postgres: TestServer;
  let scene: Scene;
  let life: SpawnedService;
  let variables: Readonly<Record<string, string>>;

  beforeAll(async () => {
    postgres = await startPostgres();
    variables = { ...environment, STORE: 'postgres', DATABASE_URL: postgres.url };
    scene = await Scene.open(variables);
    const { url } = scene.watched.service;
    life = await spawnService({
      program,
      environment: { ...variables, PUBLIC_URL: url, DEPLOYMENT_COLOUR: 'green', CRASH_AT: 'half' },
    });
  });
  afterAll(async () => {
    await life?.stop();
    await scene?.watched.service.stop();
    await postgres?.stop();
  });

  it('has its change finished by the other, once its lease is over and not before', async () => {
    const { service } = scene.watched;
    const operation = await ask(service.url, 'half', 0);
    const { tokens } = await connect(service.url, 'ben', 'tag:approve');
    const there = new Caller(life.url, tokens.access_token);
    const decision = await there.approval(operation.operationId);
    await expect(there.execute('approve_bulk_tagging_request', decision)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(wrote(life.output())).toEqual(operation.arns.slice(0, 2));

    await service.running.pipeline.resume(false);
    const { status, lease } = await scene.find(operation.operationId);
    expect([status, lease?.owner]).toEqual(['applying', expect.stringMatching(/^green\/[0-9a-f-]{36}$/)]);
    // Nobody else can have it either.
    expect((await scene.approve('rest', 'ada', await scene.find(operation.operationId))).code).toBe('already_decided');

    scene.advance(400);
    await service.running.pipeline.resume(false);
    const done = await scene.find(operation.operationId);
    expect([done.status, done.result?.applied]).toEqual(['applied', 4]);
    for (const arn of operation.arns) expect(await scene.tagsOf(arn)).toMatchObject({ Owner: operation.owner });
    expect(await scene.writes(operation.operationId)).toEqual(['started', 'started', 'success']);
    expect(await verifyAudit(variables)).toMatch(/are whole/);
  });
});
