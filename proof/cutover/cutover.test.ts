/** Cutovers by the operator's own command, between real processes of two versions, with clients at work all the while. */
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { repository } from '../../modules/testing/synthesized.ts';
import { verifyAudit } from '../../service/test/faults/verify-audit.ts';
import { describeWith } from '../../service/test/servers/programs.ts';
import { type Controls, openControls } from './controls.ts';
import { type Tried, triedEnvironment } from './environment.ts';
import { type Evidence, prove } from './prove.ts';
import { openScene, type Scene } from './scene.ts';
import { type PostgresStore, postgresStore } from './stores.ts';

const host = { root: repository, env: process.env, out: () => {}, err: () => {}, ask: undefined };
const previewSecret = 'p'.repeat(40);

await describeWith(
  ['initdb', 'postgres', 'redis-server', 'moto_server'],
  'from the previous release to this one',
  () => {
    let tried: Tried;
    let store: PostgresStore;
    let scene: Scene;
    let evidence: Evidence;

    beforeAll(async () => {
      [tried, store] = await Promise.all([triedEnvironment(host, 'examples/tag-governance/prod'), postgresStore()]);
      const versions = { blue: 'previous', green: 'current' } as const;
      scene = await openScene({ deployment: tried.deployment, store, versions, previewSecret });
      evidence = await prove({
        scene,
        store,
        tried,
        bakes: '0.05,0.1,0.05',
        pace: 'poll=1,settle=1,twice=1,warm=120,hold=2,period=1',
        // After its last change there is nothing left to resume.
        killAfter: (change) => change !== 'finished',
      });
    }, 400_000);
    afterAll(async () => {
      await scene?.stop();
      await store?.stop();
      if (tried !== undefined) await rm(tried.root, { recursive: true });
    }, 60_000);

    it('no call fails, and the load balancer answers none itself', () => {
      const { tally, ownAnswers } = evidence;
      expect({ failures: tally.failures, ownAnswers }).toEqual({ failures: [], ownAnswers: [] });
    });

    it('people were at work: they read, streamed, refreshed, planned, countersigned and applied', () => {
      const { calls, streams, refreshes, written } = evidence.tally;
      expect(calls).toBeGreaterThan(200);
      for (const count of [streams, refreshes, written.length]) expect(count).toBeGreaterThan(10);
    });

    it('no operation is lost or doubled, and each resource is as it was left', () => {
      expect(evidence.wrongs).toEqual([]);
    });

    it('each colour takes more than a tenth at 50/50', () => {
      const { blue, green } = evidence.halves;
      expect(Math.min(blue, green) / (blue + green)).toBeGreaterThan(0.1);
    });

    it('the command is killed after each of its steps, and ends as if it had not been', () => {
      const { driven } = evidence;
      const { services, groups } = scene.estate;
      expect(driven.code).toBe(0);
      expect(scene.dataPlane.weights(100)).toEqual({ [groups.blue]: 0, [groups.green]: 100 });
      expect(scene.agent.tasksOf(services.green).filter(({ ended }) => !ended)).toHaveLength(2);
      expect(driven.done).toEqual([
        'started',
        'warming',
        `UpdateService ${services.green} 2`,
        'warm',
        'smoked',
        'shifting(10)',
        'ModifyRule',
        'baking(10)',
        'shifting(50)',
        'baking(50)',
        'shifting(100)',
        'baking(100)',
        'holding',
        `UpdateService ${services.blue} 0`,
        'finished',
      ]);
      expect(driven.killed).toEqual(driven.done.filter((change) => change !== 'finished'));
    });

    it('the store is migrated by a task of green’s version before green has tasks', () => {
      const [migrated, ...others] = scene.agent.oneOffs();
      expect(others).toEqual([]);
      expect(migrated?.taskDefinition).toContain(`/${scene.estate.services.green}:`);
      expect([migrated?.child.exitCode, migrated?.said]).toEqual([
        0,
        expect.stringContaining('the store is what this'),
      ]);
    });

    it('the old colour’s tasks end by themselves, with nothing cut off', () => {
      expect(evidence.exits).toEqual([0, 0]);
    });

    it('the audit chains are whole', async () => {
      expect(await verifyAudit(scene.environment)).toMatch(/^[\d,]+ records in \d+ chains are whole\.\n$/);
    });

    describe('calls are lost', () => {
      let controls: Controls;
      beforeAll(async () => {
        controls = await openControls(scene, tried.deployment.region);
      });
      afterAll(() => controls.close());
      afterEach(() => scene.agent.stopBy('drain-first'));

      it('where a group without targets has weight, and none where it has not', async () => {
        await controls.weigh(50, 50);
        expect((await controls.asking(() => sleep(500))).failed).toBeGreaterThan(0);
        await controls.weigh(0, 100);
        expect((await controls.asking(() => sleep(500))).failed).toBe(0);
      });

      // The delay of 30 s takes three seconds here.
      it.each([
        ['where a call takes longer than the deregistration delay', 4500, 1],
        ['but none where it takes less', 300, 0],
      ])(
        '%s',
        async (_what, took, lost) => {
          await controls.scale('green', 2);
          await scene.healthy('green', 2);
          const answers = await store.whileShut(async () => {
            // One at each task, because the next call goes to the one with the fewest.
            const reading = controls.reading(2, 12_000);
            await sleep(300);
            await controls.scale('green', 1);
            await sleep(took);
            return { reading };
          });
          expect((await answers.reading).filter((answer) => answer === 'failed')).toHaveLength(lost);
          await scene.healthy('green', 1);
        },
        60_000,
      );

      it.each([
        [
          'where SIGTERM comes before the draining, as a Spot interruption has it, and the task does not serve on',
          0,
          true,
        ],
        ['but none where it serves on until the load balancer has noticed', 5, false],
      ])(
        '%s',
        async (_what, seconds, lost) => {
          scene.serveOnFor(seconds);
          await controls.scale('green', 2);
          await scene.healthy('green', 2);
          scene.agent.stopBy('signal-first');
          const { answered, failed } = await controls.asking(async () => {
            await controls.scale('green', 1);
            await scene.healthy('green', 1);
          });
          expect(answered).toBeGreaterThan(0);
          expect(failed > 0).toBe(lost);
        },
        60_000,
      );
    });
  },
);
