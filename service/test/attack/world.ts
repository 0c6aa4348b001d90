/** One service under attack: its tasks on a store, its upstream, its people, and the truth about what they did. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseConfig } from '../../src/config.ts';
import { generateEstate } from '../../src/packs/tagging/sandbox/generate.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { openTables } from '../../src/start/state.ts';
import { type Balancer, startBalancer } from '../rigs/balancer.ts';
import { type SpawnedService, spawnService } from '../rigs/service.ts';
import { bare } from '../servers/bare.ts';
import { type Cloud, startCloud } from './cloud.ts';
import { People } from './people.ts';
import type { Store, StoreKind } from './store.ts';
import { Truth } from './truth.ts';

const program = 'service/test/attack/task.ts';
/** The same for all tasks; the writer to the database does not know it. */
export const ENCRYPTION_KEY = 'one key for all tasks, which no attacker has';
/** How long an interrupted operation may take to come to its end, milliseconds. */
const SETTLE_MS = 90_000;
/** How long what nobody interrupted may take. */
const QUIET_MS = 20_000;
/** Seconds after which no lease, claim or grace of a dead task holds any more. */
const LEASES_OVER_SECONDS = 900;

const live = generateEstate(new Date()).filter(
  ({ state, type }) => state !== 'terminated' && type !== 's3:bucket' && type !== 'ecs:service',
);

export class World {
  readonly kind: StoreKind;
  readonly store: Store;
  readonly cloud: Cloud;
  readonly balancer: Balancer;
  readonly truth = new Truth();
  readonly people: People;
  readonly environment: Readonly<Record<string, string>>;
  readonly tasks: SpawnedService[] = [];
  #given = 0;
  #halted = false;

  private constructor(kind: StoreKind, store: Store, cloud: Cloud, balancer: Balancer) {
    this.kind = kind;
    this.store = store;
    this.cloud = cloud;
    this.balancer = balancer;
    this.environment = {
      ...store.environment,
      ENCRYPTION_KEY,
      // The default, which the rig of other tests changes.
      APPROVE_ON_PAGE_ONLY: 'true',
      LOG_LEVEL: 'warn',
      PUBLIC_URL: balancer.url,
      ATTACK_CLOUD: cloud.url,
    };
    this.people = new People(balancer.url, this.truth);
  }

  static async open(kind: StoreKind): Promise<World> {
    const [store, cloud, balancer] = await Promise.all([kind.open(), startCloud(), startBalancer()]);
    const world = new World(kind, store, cloud, balancer);
    await Promise.all(Array.from({ length: kind.tasks }, () => world.#spawn()));
    return world;
  }

  async #spawn(): Promise<void> {
    const { DATA_DIR: dataDir } = this.environment;
    const task = await spawnService({ program, environment: this.environment, ...(dataDir && { dataDir }) });
    this.tasks.push(task);
    this.balancer.tasks.push(task.url);
  }

  /** Resources no attack was given before, as many as asked for; it begins again when all were. */
  arns(count: number): string[] {
    return Array.from({ length: count }, () => live[this.#given++ % live.length]?.arn ?? '');
  }

  /** Waits until no operation is being applied. */
  async quiet(): Promise<void> {
    const moving = new Set(['approved', 'applying']);
    for (const deadline = Date.now() + QUIET_MS; Date.now() < deadline; await sleep(100)) {
      const statuses = await this.people.statuses();
      if (!statuses.some((status) => moving.has(status))) return;
    }
  }

  /** Does something to the store past the service. A folder has one user at a time, so its task pauses. */
  async withTables<T>(work: (tables: TableEngine) => Promise<T>): Promise<T> {
    const alone = this.kind.name === 'embedded' && !this.#halted;
    if (alone) await this.halt();
    const tables = await openTables(parseConfig(this.command), () => new Date());
    try {
      return await work(tables);
    } finally {
      await tables.close();
      if (alone) await this.crash();
    }
  }

  /** Tries to start another process over the same folder. @returns whether it came to serve within this time */
  async intrude(milliseconds: number): Promise<boolean> {
    const { DATA_DIR: dataDir } = this.environment;
    const started = spawnService({ program, environment: this.environment, ...(dataDir && { dataDir }) });
    const served = await Promise.race([
      started.then(() => true).catch(() => false),
      sleep(milliseconds).then(() => undefined),
    ]);
    // One that waits for the folder is no fault, but it must not be there when the folder is free again.
    void started.then((task) => task.kill()).catch(() => {});
    return served === true;
  }

  /** Kills every task as a host that goes away would, and starts them again over the same state. */
  async crash(): Promise<void> {
    this.#halted = false;
    await Promise.all(this.tasks.map((task) => task.resume()));
  }

  /** Waits until nothing is under way, with every lease of a dead task over. */
  async settle(): Promise<void> {
    this.cloud.slow(0);
    this.cloud.advance(LEASES_OVER_SECONDS);
    // At its start a task goes on with what others left behind.
    await this.crash();
    const moving = new Set(['planned', 'approved', 'applying']);
    for (const deadline = Date.now() + SETTLE_MS; Date.now() < deadline; await sleep(250)) {
      const statuses = await this.people.statuses();
      if (!statuses.some((status) => moving.has(status))) return;
    }
  }

  /** Ends the tasks and leaves the store, to be looked at. */
  async halt(): Promise<void> {
    this.#halted = true;
    await Promise.all(this.tasks.map((task) => task.terminate()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.tasks.map((task) => task.kill()));
    await this.balancer.stop();
    await this.cloud.stop();
    await this.store.stop();
  }

  /** The variables of a command on the same store. */
  get command(): Readonly<Record<string, string>> {
    const { ATTACK_CLOUD: _cloud, ...variables } = this.environment;
    return { ...variables, ...bare() };
  }
}
