/** For tests: a group of instances in memory that AWS replaces as time passes, and whose every call can be the last of a process. */
import type { Figures } from '../seen.ts';
import { World } from '../world.ts';
import {
  type Beginning,
  type Group,
  Irreversible,
  isActive,
  type LiveGroup,
  type Refresh,
  RefreshBusy,
} from './group.ts';
import { wayOver } from './way.ts';

/** Seconds in which one instance is replaced and has warmed up. */
const EACH = 180;

interface Simulated extends Omit<Refresh, 'status'> {
  status: string;
  reason?: string;
  readonly beginning: Beginning;
  /** When its next step is due. */
  due: number;
  replaced: number;
}

export class RefreshWorld extends World {
  versions: Record<string, string> = { 1: 'service:1', 2: 'service:2' };
  version = '1';
  instances: { version: string; state: string }[];
  suspended: string[] = [];
  all: Simulated[] = [];
  /** Whether AWS finds that it can take a refresh back. */
  reversible = true;

  constructor(instances = 4) {
    super();
    this.instances = Array.from({ length: instances }, () => ({ version: '1', state: 'InService' }));
    Object.assign(this.ports, { way: this.way });
  }

  count(version: string): number {
    return this.instances.filter((each) => each.version === version).length;
  }

  get active(): Simulated | undefined {
    return this.all.find(isActive);
  }

  #swap(from: (version: string) => boolean, to: string): boolean {
    const found = this.instances.find(({ version }) => from(version));
    if (found !== undefined) found.version = to;
    return found !== undefined;
  }

  #replace(refresh: Simulated): void {
    const { version, share, bakeSeconds } = refresh.beginning;
    const reached = (): boolean => (100 * this.count(version)) / this.instances.length >= share;
    if (!reached() && this.#swap((each) => each !== version, version)) refresh.replaced += 1;
    if (!reached()) {
      refresh.status = 'InProgress';
      refresh.due += EACH * 1000;
    } else if (bakeSeconds > 0 && refresh.status !== 'Baking') {
      refresh.status = 'Baking';
      refresh.due += bakeSeconds * 1000;
    } else {
      refresh.status = 'Successful';
      this.version = version;
    }
  }

  #restore(refresh: Simulated): void {
    // Only what it replaced itself.
    if (refresh.replaced > 0 && this.#swap((each) => each !== this.version, this.version)) {
      refresh.replaced -= 1;
      refresh.due += EACH * 1000;
    } else refresh.status = 'RollbackSuccessful';
  }

  /** What AWS has done until now. */
  #pass(): void {
    for (let refresh = this.active; refresh !== undefined; refresh = this.active) {
      const { beginning, status } = refresh;
      const sounding = beginning.alarms.find((name) => this.alarms.includes(name));
      if (sounding !== undefined && beginning.goesBack && status !== 'RollbackInProgress') {
        Object.assign(refresh, {
          status: 'RollbackInProgress',
          reason: `the alarm ${sounding} went off`,
          due: this.time,
        });
      }
      if (this.time < refresh.due) return;
      if (status === 'Cancelling') refresh.status = 'Cancelled';
      else if (refresh.status === 'RollbackInProgress') this.#restore(refresh);
      else this.#replace(refresh);
    }
  }

  #begin(beginning: Beginning): void {
    if (this.active !== undefined) throw new RefreshBusy('InstanceRefreshInProgress');
    const { version, share } = beginning;
    const id = `refresh-${this.all.length + 1}`;
    this.all.unshift({ id, status: 'Pending', version, share, beginning, due: this.time + EACH * 1000, replaced: 0 });
  }

  #stop(status: 'Cancelling' | 'RollbackInProgress'): void {
    const { active } = this;
    if (active === undefined) throw new RefreshBusy('ActiveInstanceRefreshNotFound');
    if (status === 'RollbackInProgress' && !this.reversible) throw new Irreversible('IrreversibleInstanceRefresh');
    Object.assign(active, {
      status,
      due: this.time + 1000,
      ...(status !== 'Cancelling' && { reason: 'it was asked for' }),
    });
  }

  /** A look at AWS, after what it has done meanwhile. */
  #look<T>(name: string, effect: () => T): Promise<T> {
    return this.call(name, () => {
      this.#pass();
      return effect();
    });
  }

  readonly fn: LiveGroup = {
    name: 'service',
    read: () =>
      this.#look(
        'group',
        (): Group => ({
          template: 'lt-1',
          version: this.version,
          desired: this.instances.length,
          min: 1,
          max: 10,
          instances: structuredClone(this.instances),
          targetGroup: 'arn:targets',
          suspended: this.suspended,
        }),
      ),
    refreshes: (after) =>
      this.#look('refreshes', () => {
        const end = this.all.findIndex(({ id }) => id === after);
        return structuredClone(end === -1 ? this.all : this.all.slice(0, end));
      }),
    begin: (beginning) => this.#look(`begin ${beginning.version} ${beginning.share}`, () => this.#begin(beginning)),
    cancel: () => this.#look('cancel', () => this.#stop('Cancelling')),
    rollBack: () => this.#look('rollBack', () => this.#stop('RollbackInProgress')),
    newest: () => this.call('newest', () => Object.keys(this.versions).at(-1)),
    image: (_, version) => this.call('image', () => this.versions[version]),
  };

  #figures(from: Date, to: Date): Figures {
    const minutes = Math.max(0, Math.floor((to.getTime() - from.getTime()) / 60_000));
    return Array.from({ length: minutes }, (_, minute) =>
      this.figure(
        {
          at: new Date(from.getTime() + minute * 60_000),
          requests: this.requests,
          errors: 0,
          p99: 200,
          unhealthy: 0,
          balancerErrors: 0,
        },
        minute,
      ),
    );
  }

  /** Names of the alarms that AWS watches. */
  guards: string[] = ['prod-errors'];

  readonly way = wayOver(
    this.fn,
    { image: 'service:2', balancer: async () => 'arn:balancer' },
    () => this.call('guards', () => this.guards),
    (_, from, to) => this.call('figures', () => this.#figures(from, to)),
  );
}
