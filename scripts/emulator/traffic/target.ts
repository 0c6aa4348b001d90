/** One target: whether it is healthy, which requests it answers, and how it drains. */
import { Agent, get } from 'node:http';
import type { GroupSettings } from './cloud.ts';

export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'draining';

/** One request that a target is answering. */
export interface Outstanding {
  /** Ends it from the balancer's side, as after the deregistration delay. */
  cut(): void;
}

export class Target {
  /** `<address>:<port>` */
  readonly key: string;
  readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });
  readonly outstanding = new Set<Outstanding>();
  state: TargetState = 'initial';
  readonly #secondMs: number;
  readonly #changed: () => void;
  /** The latest check, and how many in a row came to the same. */
  #last: boolean | undefined;
  #row = 0;
  #closed = false;
  #check: NodeJS.Timeout | undefined;
  #delay: NodeJS.Timeout | undefined;
  #gone = Promise.withResolvers<void>();

  /** @param secondMs how long a second of AWS's settings takes here */
  constructor(key: string, secondMs: number, changed: () => void) {
    this.key = key;
    this.#secondMs = secondMs;
    this.#changed = changed;
  }

  get host(): string {
    return this.key.slice(0, this.key.lastIndexOf(':'));
  }

  get port(): number {
    return Number(this.key.slice(this.key.lastIndexOf(':') + 1));
  }

  /** Checks its health from now on. */
  watch(settings: GroupSettings): void {
    const look = async (): Promise<void> => {
      this.#judge(await this.#answers(settings), settings);
      // It may have been let go while it was being asked.
      if (this.state === 'draining' || this.#closed) return;
      this.#check = setTimeout(look, settings.intervalSeconds * this.#secondMs);
    };
    // The first check comes soon after a target is registered.
    this.#check = setTimeout(look, this.#secondMs);
  }

  #judge(ok: boolean, { healthy, unhealthy }: GroupSettings): void {
    if (this.state === 'draining') return;
    this.#row = ok === this.#last ? this.#row + 1 : 1;
    this.#last = ok;
    const state = ok ? 'healthy' : 'unhealthy';
    if (this.state !== state && this.#row >= (ok ? healthy : unhealthy)) this.#become(state);
  }

  #become(state: TargetState): void {
    this.state = state;
    this.#changed();
  }

  #answers({ path, timeoutSeconds }: GroupSettings): Promise<boolean> {
    const timeout = Math.max(1000, timeoutSeconds * this.#secondMs);
    return new Promise((resolve) => {
      const asked = get({ host: this.host, port: this.port, path, timeout, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      });
      asked.on('timeout', () => asked.destroy());
      asked.on('error', () => resolve(false));
    });
  }

  /** Gets no request from now on. Resolves when nothing is outstanding any more, or was cut off after the delay. */
  drain({ deregistrationDelaySeconds }: GroupSettings): Promise<void> {
    clearTimeout(this.#check);
    this.#become('draining');
    this.#delay = setTimeout(() => this.#cut(), deregistrationDelaySeconds * this.#secondMs);
    this.#emptied();
    return this.#gone.promise;
  }

  #cut(): void {
    for (const each of this.outstanding) each.cut();
    this.outstanding.clear();
    this.#emptied();
  }

  /** Notes a request; the function notes its end. */
  begin(request: Outstanding): () => void {
    this.outstanding.add(request);
    return () => {
      this.outstanding.delete(request);
      this.#emptied();
    };
  }

  #emptied(): void {
    if (this.state !== 'draining' || this.outstanding.size > 0) return;
    this.close();
    this.#gone.resolve();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#check);
    clearTimeout(this.#delay);
    this.agent.destroy();
  }
}
