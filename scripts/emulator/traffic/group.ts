/** The targets of one target group. */
import type { GroupSettings, SeenGroup } from './cloud.ts';
import { Target, type TargetState } from './target.ts';

export class Group {
  readonly arn: string;
  settings: GroupSettings;
  readonly #targets = new Map<string, Target>();
  readonly #secondMs: number;
  readonly #changed: () => void;

  constructor({ arn, settings }: SeenGroup, secondMs: number, changed: () => void) {
    this.arn = arn;
    this.settings = settings;
    this.#secondMs = secondMs;
    this.#changed = changed;
  }

  /** Takes in what was registered since the last look, and drains what was deregistered. */
  follow({ settings, targets }: SeenGroup): void {
    this.settings = settings;
    for (const key of targets) if (this.#targets.get(key) === undefined) this.#add(key);
    for (const [key, target] of this.#targets)
      if (!targets.includes(key) && target.state !== 'draining') {
        void target.drain(settings).then(() => {
          this.#targets.delete(key);
          this.#changed();
        });
      }
  }

  #add(key: string): void {
    const target = new Target(key, this.#secondMs, this.#changed);
    this.#targets.set(key, target);
    target.watch(this.settings);
    this.#changed();
  }

  /**
   * The target for the next request: of the healthy ones, or of all where none is (it fails open). Undefined: nothing is
   * registered.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-health
   */
  pick(dice: number): Target | undefined {
    const registered = [...this.#targets.values()].filter(({ state }) => state !== 'draining');
    const healthy = registered.filter(({ state }) => state === 'healthy');
    const able = healthy.length > 0 ? healthy : registered;
    const fewest = Math.min(...able.map(({ outstanding }) => outstanding.size));
    const next = this.settings.leastOutstanding ? able.filter(({ outstanding }) => outstanding.size === fewest) : able;
    return next[Math.floor(dice * next.length)];
  }

  states(): Readonly<Record<string, TargetState>> {
    return Object.fromEntries([...this.#targets.values()].map(({ key, state }) => [key, state]));
  }

  count(state: TargetState): number {
    return [...this.#targets.values()].filter((target) => target.state === state).length;
  }

  close(): void {
    for (const target of this.#targets.values()) target.close();
  }
}
