/** A cutover to a release that writes what the one before it only reads, on DynamoDB. */
import { rm } from 'node:fs/promises';
import { repository } from '../../modules/testing/synthesized.ts';
import { verifyAudit } from '../../service/test/faults/verify-audit.ts';
import { connect } from '../../service/test/faults/watched.ts';
import { at } from '../../service/test/faults/wire.ts';
import { describeWith } from '../../service/test/servers/programs.ts';
import { openControls } from './controls.ts';
import { type Tried, triedEnvironment } from './environment.ts';
import { type Evidence, prove } from './prove.ts';
import { openScene, type Scene } from './scene.ts';
import { dynamoStore, type SharedStore } from './stores.ts';

const host = { root: repository, env: process.env, out: () => {}, err: () => {}, ask: undefined };

await describeWith(
  ['redis-server', 'moto_server'],
  'from a release that reads a new form to the one that writes it, on DynamoDB',
  () => {
    let tried: Tried;
    let store: SharedStore;
    let scene: Scene;
    let evidence: Evidence;

    beforeAll(async () => {
      [tried, store] = await Promise.all([triedEnvironment(host, 'examples/tag-governance/prod'), dynamoStore()]);
      const versions = { blue: 'reading', green: 'next' } as const;
      scene = await openScene({
        deployment: tried.deployment,
        store,
        versions,
        previewSecret: 'p'.repeat(40),
        desired: 1,
      });
      evidence = await prove({
        scene,
        store,
        tried,
        bakes: '0.03,0.1,0.03',
        pace: 'poll=1,settle=1,twice=1,warm=120,hold=2,period=1',
        thinkMs: 1500,
      });
    }, 400_000);
    afterAll(async () => {
      await scene?.stop();
      await store?.stop();
      if (tried !== undefined) await rm(tried.root, { recursive: true });
    }, 60_000);

    it('no call fails, and no operation is lost or doubled', () => {
      const { driven, tally, ownAnswers, wrongs, exits } = evidence;
      const faults = { failures: tally.failures, ownAnswers, wrongs };
      expect(faults).toEqual({ failures: [], ownAnswers: [], wrongs: [] });
      expect([driven.code, exits]).toEqual([0, [0]]);
      expect(tally.written.length).toBeGreaterThan(3);
    });

    it('what the later release wrote is there still: a column, records of a new action, hashes of a new form', async () => {
      expect(await store.operations('plannedBy')).toBeGreaterThan(0);
      const { caller } = await connect(scene.dataPlane.url, 'ada', 'admin');
      const log = await caller.execute('get_audit_log', { person: 'vera', limit: 50 });
      expect(log.text).toContain('"action":"look"');
      const { operationId } = evidence.tally.written.at(-1) ?? {};
      const read = await caller.execute('get_operation', { operation_id: operationId });
      expect(at(read.json, 'result', 'approval_hash')).toMatch(/^v3:/);
    });

    it('the audit chains are whole', async () => {
      expect(await verifyAudit(scene.environment)).toMatch(/^[\d,]+ records in \d+ chains are whole\.\n$/);
    });

    it('a release that does not read the form leaves the operation to the one that does', async () => {
      const controls = await openControls(scene, tried.deployment.region);
      scene.runs('blue', 'current');
      await controls.scale('blue', 1);
      const { url } = scene.dataPlane;
      const [{ caller: ana }, { caller: ben }] = [
        await connect(url, 'ana', 'tag:read tag:write'),
        await connect(url, 'ben', 'tag:read tag:approve'),
      ];
      const change = { resource_arns: [evidence.tally.written[0]?.arn], tags: { Owner: 'late@example.com' } };
      const asked = await ana.tool('bulk_tag_resources', change);
      const decision = await ben.approval(at(asked.json, 'result', 'structuredContent', 'request_id'));
      const approve = () => ben.tool('approve_bulk_tagging_request', decision);
      await scene.healthy('blue', 1);
      await controls.weigh(100, 0);
      expect((await approve()).text).toContain('was written by a newer version of the service');
      await controls.weigh(0, 100);
      expect((await approve()).text).toMatch(/"status":"(executed|applied)"/);
      await controls.close();
    }, 60_000);
  },
);
