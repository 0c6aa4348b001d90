/** For tests: an environment in memory with a clock of its own, whose every call can be the last one of a process. */

import type { Ports } from './ports.ts';
import { type Run, Run as RunSchema, type Saved, type Weights } from './run.ts';
import type { Figure, Figures, Warmth } from './seen.ts';
import { type Kept, RunMoved, type RunStore } from './store.ts';

/** What `kill -9` looks like from inside: no call gets through any more. */
export class Killed extends Error {}

type When = 'before' | 'after';

export class World {
  time = Date.parse('2026-11-30T09:00:00.000Z');
  object: { text: string; etag: string } | undefined;
  weights: Weights = { blue: 100, green: 0 };
  odd: string | undefined;
  counts: Record<string, Saved> = {
    blue: {
      desired: 3,
      bounds: { min: 2, max: 10 },
      schedules: { night: { min: 1, max: 2 } },
      image: 'service:1',
    },
    green: {
      desired: 0,
      bounds: { min: 0, max: 10 },
      schedules: { night: { min: 0, max: 0 } },
      image: 'service:2',
    },
  };
  alarms: string[] = [];
  end: Date | undefined;
  unproven: string[] = [];
  /** Requests of green a minute at all of the traffic. */
  requests = 200;
  knocks = 0;
  figure: (figure: Figure, minute: number) => Figure = (figure) => figure;
  health: (variant: string, warmth: Warmth) => Warmth = (_, warmth) => warmth;
  prove: () => Promise<readonly string[]> = async () => this.unproven;
  /** Called before each look at the clock passes: for what happens meanwhile. */
  meanwhile: () => void = () => {};
  readonly log: string[] = [];
  #calls = 0;
  #kill: { at: number; when: When } | undefined;

  get calls(): number {
    return this.#calls;
  }

  killAt(at: number, when: When): void {
    this.#kill = { at, when };
  }

  /** A new process. */
  revive(): void {
    this.#kill = undefined;
    this.#calls = 0;
  }

  /** One call to the outside, which may be the last of its process. */
  async call<T>(name: string, effect: () => T): Promise<T> {
    this.#calls += 1;
    const kill = this.#kill;
    if (kill !== undefined && (this.#calls > kill.at || (this.#calls === kill.at && kill.when === 'before')))
      throw new Killed();
    this.log.push(name);
    const result = effect();
    if (kill !== undefined && this.#calls === kill.at) throw new Killed();
    return result;
  }

  get run(): Run {
    return RunSchema.parse(JSON.parse(this.object?.text ?? '{}'));
  }

  readonly store: RunStore = {
    read: () => this.call('read', () => this.object && { run: this.run, etag: this.object.etag }),
    create: (run) => this.call('create', () => this.#put(run, undefined)),
    replace: (run, { etag }) => this.call(`write ${run.state}`, () => this.#put(run, etag)),
  };

  #put(run: Run, over: string | undefined): Kept {
    if (this.object?.etag !== over) throw new RunMoved('moved');
    const etag = String(Number(over ?? 0) + 1);
    this.object = { text: JSON.stringify(run), etag };
    return { run, etag };
  }

  #warmth(variant: string, atLeast: number): Warmth {
    const healthy = this.counts[variant]?.desired ?? 0;
    return this.health(variant, { warm: healthy >= atLeast && healthy > 0, healthy, says: `${healthy} healthy` });
  }

  /** Nothing counts twice: each minute that is over has one row. */
  #figures(from: Date, to: Date): Figures {
    const minutes = Math.max(0, Math.floor((to.getTime() - from.getTime()) / 60_000));
    return Array.from({ length: minutes }, (_, minute) =>
      this.figure(
        {
          at: new Date(from.getTime() + minute * 60_000),
          requests: Math.round((this.requests * (this.weights.green ?? 0)) / 100),
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

  readonly ports: Ports = {
    way: {
      survey: () =>
        this.call('survey', () => ({
          variants: { old: 'blue', new: 'green' },
          parts: { rule: 'rule' },
          saved: structuredClone(this.counts),
          weights: { ...this.weights },
        })),
      live: () => this.call('live', () => ({ weights: { ...this.weights }, odd: this.odd })),
      setWeights: (_, weights) =>
        this.call(`weights ${JSON.stringify(weights)}`, () => {
          this.weights = { ...weights };
        }),
      scale: (_, variant, to, how) =>
        this.call(`scale ${variant} ${to.desired}`, () => {
          const now = this.counts[variant]?.desired ?? 0;
          this.counts[variant] = { ...to, desired: how === 'exactly' ? to.desired : Math.max(now, to.desired) };
        }),
      warmth: (_, variant, atLeast) => this.call('warmth', () => this.#warmth(variant, atLeast)),
      figures: (_, from, to) => this.call('figures', () => this.#figures(from, to)),
    },
    alarms: () => this.call('alarms', () => [...this.alarms]),
    smoke: {
      prove: async () => {
        await this.call('smoke', () => undefined);
        return this.prove();
      },
      knock: (_, calls) =>
        this.call(`knock ${calls}`, () => {
          this.knocks += calls;
          return calls;
        }),
    },
    clock: {
      now: () => new Date(this.time),
      sleep: (seconds, stop) =>
        this.call('sleep', () => {
          this.meanwhile();
          if (stop?.aborted !== true) this.time += seconds * 1000;
        }),
    },
    credentialsEnd: () => this.call('credentials', () => this.end),
  };
}
