/**
 * Nine environments live through everything on stand-ins for AWS, side by side: applied by the real terraform and
 * provider, read back through the API, planned a second time, destroyed. See docs/emulator.md.
 */
import { totalmem } from 'node:os';
import type { Finding } from '../../scripts/operate/health/examine.ts';
import { describeWith } from '../../service/test/servers/programs.ts';
import { applied, appliedNames } from './applied.ts';
import { readOutcomes, titleOf, writeOutcomes } from './changes/outcomes.ts';
import { changeRows } from './changes/table.ts';
import { checkApis } from './checks/apis.ts';
import { checkCompute } from './checks/compute.ts';
import { checkIngress } from './checks/ingress.ts';
import { checkNetwork } from './checks/network.ts';
import { checkOperations } from './checks/operations.ts';
import { checkScaling } from './checks/scaling.ts';
import { checkStores } from './checks/stores.ts';
import { type Life, live, type Standing } from './emulated.ts';
import { examineStanding } from './examined.ts';
import { lanes } from './lanes.ts';
import { waitsAreShort } from './provider/waits.ts';
import { look, type RegionSeen, type Told } from './seen.ts';

const GIB = 2 ** 30;
// Terraform, the provider and moto of one environment take 600 MB and most of a processor, or a quarter of one where the provider waits.
const most = waitsAreShort ? 2 : 4;
const held = lanes(Math.max(1, Math.min(most, Math.floor(totalmem() / (2 * GIB)) - 1)));

const lives = new Map<string, Life<readonly RegionSeen[]>>();
const lifeOf = (name: string): Life<readonly RegionSeen[]> => {
  const life = lives.get(name);
  if (life === undefined) throw new Error(`${name} is not applied here`);
  return life;
};
/** What the doctor found while this one stood, with the service running behind its name. */
const examined = 'dev';
let findings: readonly Finding[] = [];
const lookAt = (name: string) => async (standing: Standing) => {
  if (name === examined) findings = await examineStanding(name, standing);
  return look(standing);
};
const told: Told = (name) => lifeOf(name).seen;

/** Why a kind of thing stays: `<service> <kind>`. */
const stays: Readonly<Record<string, string>> = {
  'ecs task definitions': 'skip_destroy keeps earlier revisions, so that a service can go back to one',
};

await describeWith(['terraform', 'moto_server'], 'on a stand-in for AWS', () => {
  beforeAll(async () => {
    for (const { name, isProtected = false, changes } of applied)
      lives.set(name, live(name, { look: lookAt(name), held, isProtected, ...(changes && { changes }) }));
    await Promise.all([...lives.values()].map(({ over }) => over));
  }, 1_200_000);

  if (process.env.UPDATE_CHANGES !== undefined)
    beforeAll(async () => {
      const all = (await Promise.all(appliedNames.map((name) => lifeOf(name).tried))).flatMap(
        ({ outcomes }) => outcomes,
      );
      await writeOutcomes(changeRows.flatMap((row) => all.filter(({ change }) => change === titleOf(row))));
    });

  describe.each(appliedNames)('%s', (name) => {
    it('is applied', async () => {
      expect((await told(name)).length).toBeGreaterThan(0);
    });

    it('has nothing left to change', async () => {
      const again = await lifeOf(name).again;
      expect(again.map(({ address, change }) => `${change.actions.join()} ${address}`)).toEqual([]);
    });

    it('can be changed in an order that AWS takes', async () => {
      expect((await lifeOf(name).tried).problems).toEqual([]);
    });

    // UPDATE_CHANGES=1 writes them anew; then `npm run format` and `npm run docs`.
    it('becomes with other settings what docs/changes.md says', async () => {
      const { outcomes } = await lifeOf(name).tried;
      const inOrder = changeRows.flatMap((row) => outcomes.filter(({ change }) => change === titleOf(row)));
      expect(inOrder).toEqual(readOutcomes().filter(({ environment }) => environment === name));
    });

    it('is destroyed, and nothing is left', async () => {
      const left = [...(await lifeOf(name).left)].filter(([kind]) => !(kind.replace(/^\S+ /, '') in stays));
      expect(left).toEqual([]);
    });
  });

  it('is told which changes would roll the colour that has traffic, and which would not', async () => {
    const { rolling } = await lifeOf('staging').tried;
    expect(rolling).toEqual(
      expect.arrayContaining(['task_cpu: another size', 'container_port: another, with blue_green']),
    );
    expect(rolling.filter((title) => /^(db_|encryption|autoscale)/.test(title))).toEqual([]);
  });

  // What is planned the second time has been moved before: see `has nothing left to change`.
  it.each(['prod', 'examples/tag-governance/prod', 'staging'])(
    '%s is no drift in the middle of a cutover',
    async (name) => {
      const [moved] = await lifeOf(name).moved;
      expect(moved).toMatchObject({ rules: 1, services: 2 });
      expect(moved?.alarms).toBeGreaterThan(0);
      expect((await lifeOf(name).again).map(({ address }) => address)).toEqual([]);
      if (name !== 'examples/tag-governance/prod') return;
      expect(moved).toMatchObject({ bounds: 2, schedules: 2 });
    },
  );

  it('leaves behind only what is known to stay', async () => {
    const left = await Promise.all(appliedNames.map((name) => lifeOf(name).left));
    const kinds = new Set(left.flatMap((kept) => [...kept.keys()].map((kind) => kind.replace(/^\S+ /, ''))));
    expect([...kinds]).toEqual(Object.keys(stays));
  });

  it('is well by what the doctor says, but for what only people, tasks and a bucket of states bring', async () => {
    await told(examined);
    const others = findings
      .filter(({ verdict }) => verdict !== 'ok')
      .map(({ check, verdict }) => `${check} ${verdict}`);
    expect([...new Set(others)].sort()).toEqual(['secrets broken', 'state broken', 'targets broken']);
    const well = findings.filter(({ verdict }) => verdict === 'ok').map(({ check }) => check);
    expect(well).toEqual(
      expect.arrayContaining([
        'names',
        'tls',
        'answers',
        'tasks',
        'functions',
        'images',
        'alarms',
        'certificates',
        'sign-in',
      ]),
    );
    // Health, readiness and the metadata that clients read, from the service itself.
    expect(well.filter((check) => check === 'answers')).toHaveLength(3);
  });

  checkNetwork(told);
  checkStores(told);
  checkCompute(told);
  describe('scaling', () => checkScaling(told));
  describe('load balancers', () => checkIngress(told));
  describe('HTTP APIs', () => checkApis(told));
  checkOperations(told);
});
