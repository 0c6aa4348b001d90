/** For tests: a function in memory that refuses what Lambda refuses, and whose every call can be the last of a process. */
import type { Figures } from '../seen.ts';
import { World } from '../world.ts';
import { type Alias, AliasMoved, type LiveFunction, type Provisioned, type Version } from './function.ts';
import { wayOver } from './way.ts';
import { liveOf } from './weights.ts';

export class AliasWorld extends World {
  revision = 1;
  alias: Omit<Alias, 'revision'> = { version: '1', others: {} };
  versions: Version[] = ['$LATEST', '2', '1'].map((version) => ({ version, code: version === '1' ? 'old' : 'new' }));
  /** By version, or by the alias. */
  warm: Record<string, Provisioned> = {};
  state: (version: string) => { readonly state: string; readonly reason?: string } = () => ({ state: 'Active' });
  /** What a version comes to that is to be kept warm. */
  becomes: (executions: number) => Provisioned = (requested) => ({ requested, available: requested, status: 'READY' });
  settled = 3;

  /** As a person does by hand. */
  set(version: string, others: Readonly<Record<string, number>> = {}): void {
    this.alias = { version, others };
    this.revision += 1;
  }

  #update(to: Omit<Alias, 'revision'>, revision: string | undefined): void {
    if (revision !== String(this.revision)) throw new AliasMoved('moved');
    if (this.warm.live !== undefined && Object.keys(to.others).length > 0)
      throw new Error('Alias with weights can not be used with Provisioned Concurrency');
    this.set(to.version, to.others);
  }

  readonly fn: LiveFunction = {
    name: 'service',
    alias: () => this.call('alias', () => ({ ...this.alias, revision: String(this.revision) })),
    update: (to, revision) => this.call(`update ${JSON.stringify(to)}`, () => this.#update(to, revision)),
    versions: () => this.call('versions', () => this.versions),
    state: (version) =>
      this.call('state', () =>
        this.versions.some((each) => each.version === version) ? this.state(version) : undefined,
      ),
    provisioned: (qualifier) => this.call('provisioned', () => this.warm[qualifier]),
    provision: (version, executions) =>
      this.call(`provision ${version} ${executions}`, () => {
        this.warm[version] = this.becomes(executions);
      }),
    unprovision: (version) =>
      this.call(`unprovision ${version}`, () => {
        delete this.warm[version];
      }),
  };

  #figures(from: Date, to: Date): Figures {
    const minutes = Math.max(0, Math.floor((to.getTime() - from.getTime()) / 60_000));
    const share = liveOf({ ...this.alias, revision: undefined }).weights['version-2'] ?? 0;
    return Array.from({ length: minutes }, (_, minute) =>
      this.figure(
        {
          at: new Date(from.getTime() + minute * 60_000),
          requests: this.requests * share,
          errors: 0,
          p99: 200,
          p99Old: 200,
          unhealthy: 0,
          balancerErrors: 0,
        },
        minute,
      ),
    );
  }

  readonly way = wayOver(this.fn, { alias: 'live', provisioned: this.settled }, (_, from, to) =>
    this.call('figures', () => this.#figures(from, to)),
  );

  constructor() {
    super();
    Object.assign(this.ports, { way: this.way });
  }
}
