/** What may be lost, in Redis, which all tasks share; from this task's memory while Redis is away. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { EphemeralEngine } from '../../ports/ephemeral.ts';
import { openMemoryEphemeral } from '../memory/ephemeral.ts';
import * as scripts from './scripts.ts';

/** Milliseconds one command may take before memory answers instead, in steps of which each lets this process read. */
const COMMAND_MS = 500;
const STEP_MS = 25;
/** Milliseconds after a failure in which Redis is not asked at all, so that only one request in a while waits. */
const SILENCE_MS = 1000;
/** Milliseconds to wait for the first connection. */
const CONNECT_MS = 2000;
const MAX_RECONNECT_MS = 2000;
const PREFIX = 'countersign:';

export interface RedisOptions {
  /** redis:// or rediss:// */
  readonly url: string;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** The clock of limits. Default: that of Redis, which all tasks share, and this process's while Redis is away. */
  readonly clock?: (() => Date) | undefined;
}

class SlowError extends Error {
  override readonly name = 'SlowError';
}

/**
 * Rejects when an answer takes too long. A process that was busy itself has not read what Redis answered meanwhile: a
 * single long timer would fire first and call Redis slow, so that limits began to count anew in memory.
 */
export const beforeTimeout = <R>(answer: Promise<R>, milliseconds = COMMAND_MS): Promise<R> =>
  new Promise((resolve, reject) => {
    let left = Math.ceil(milliseconds / STEP_MS);
    let timer: NodeJS.Timeout;
    const step = () => {
      if (left === 0) return reject(new SlowError());
      left -= 1;
      timer = setTimeout(step, STEP_MS);
    };
    step();
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });

type Command<R> = (...words: (string | number)[]) => Promise<R>;

const connect = (url: string) => {
  const redis = new Redis(url, {
    keyPrefix: PREFIX,
    connectTimeout: CONNECT_MS,
    // A request must not wait for a connection: without one the command fails at once.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableAutoPipelining: true,
    retryStrategy: (times) => Math.min(MAX_RECONNECT_MS, 50 * 2 ** times),
    // After a failover the old primary answers READONLY until the name is resolved again.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    scripts: {
      windowCount: { lua: scripts.countScript, numberOfKeys: 1 },
      windowSlide: { lua: scripts.slide, numberOfKeys: 1 },
    },
  });
  return redis as typeof redis & { windowCount: Command<[string, number]>; windowSlide: Command<number> };
};

class RedisEphemeral implements EphemeralEngine {
  readonly #redis: ReturnType<typeof connect>;
  readonly #log: RedisOptions['log'];
  readonly #self = randomUUID();
  #records = 0;
  readonly #clock: (() => Date) | undefined;
  #memory: EphemeralEngine;
  #away = false;
  /** Epoch milliseconds until which Redis is not asked. */
  #silentUntil = 0;

  constructor({ url, log, clock }: RedisOptions) {
    this.#log = log;
    this.#clock = clock;
    this.#memory = this.#emptyMemory();
    this.#redis = connect(url);
    // Every failure reaches a command; this event must only be listened to, or it ends the process.
    this.#redis.on('error', () => {});
  }

  async connected(): Promise<void> {
    await once(this.#redis, 'ready', { signal: AbortSignal.timeout(CONNECT_MS) }).catch(() => {});
    await this.health();
  }

  count(key: string, windowSeconds: number, amount = 1): Promise<{ count: number; resetSeconds: number }> {
    return this.#ask(
      async () => {
        const [count, left] = await this.#redis.windowCount(
          `window:${key}`,
          amount,
          windowSeconds * 1000,
          this.#time(),
        );
        return { count: Number(count), resetSeconds: Math.ceil(left / 1000) };
      },
      (memory) => memory.count(key, windowSeconds, amount),
    );
  }

  slide(key: string, windowSeconds: number): Promise<number> {
    this.#records += 1;
    const name = `${this.#self}:${this.#records}`;
    return this.#ask(
      () => this.#redis.windowSlide(`slide:${key}`, windowSeconds * 1000, name, this.#time()),
      (memory) => memory.slide(key, windowSeconds),
    );
  }

  get(key: string): Promise<string | undefined> {
    return this.#ask(
      async () => (await this.#redis.get(`value:${key}`)) ?? undefined,
      (memory) => memory.get(key),
    );
  }

  set(key: string, value: string, ttlSeconds: number): Promise<void> {
    return this.#ask(
      async () => {
        await this.#redis.set(`value:${key}`, value, 'PX', Math.ceil(ttlSeconds * 1000));
      },
      (memory) => memory.set(key, value, ttlSeconds),
    );
  }

  remove(key: string): Promise<void> {
    return this.#ask(
      async () => {
        await Promise.all(['window', 'slide', 'value'].map((kind) => this.#redis.del(`${kind}:${key}`)));
      },
      (memory) => memory.remove(key),
    );
  }

  health(): Promise<'ok' | 'degraded'> {
    return this.#ask(
      async () => {
        await this.#redis.ping();
        return 'ok' as const;
      },
      async () => 'degraded' as const,
    );
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    await this.#memory.close();
  }

  /** As the scripts take it: empty for the server's own. */
  #time(): number | '' {
    return this.#clock?.().getTime() ?? '';
  }

  #emptyMemory(): EphemeralEngine {
    return openMemoryEphemeral(this.#clock === undefined ? {} : { now: this.#clock });
  }

  async #ask<R>(redis: () => Promise<R>, memory: (memory: EphemeralEngine) => Promise<R>): Promise<R> {
    if (Date.now() < this.#silentUntil) return memory(this.#memory);
    try {
      const answer = await beforeTimeout(redis());
      this.#returned();
      return answer;
    } catch (error) {
      this.#failed(error);
      return memory(this.#memory);
    }
  }

  #failed(error: unknown): void {
    this.#silentUntil = Date.now() + SILENCE_MS;
    if (this.#away) return;
    this.#away = true;
    // Not the error itself: that of a refused sign-in carries the command with its password.
    const reason = error instanceof Error ? error.name : 'unknown';
    this.#log.warn({ reason }, 'Redis is away; limits and caches are this task’s own until it is back');
  }

  #returned(): void {
    if (!this.#away) return;
    this.#away = false;
    // What was remembered meanwhile must not come back, outdated, with the next outage.
    this.#memory = this.#emptyMemory();
    this.#log.info('Redis is back');
  }
}

/** Resolves once Redis answers, or after two seconds without it, answering from memory. Never rejects later either. */
export const openRedis = async (options: RedisOptions): Promise<EphemeralEngine> => {
  const ephemeral = new RedisEphemeral(options);
  await ephemeral.connected();
  return ephemeral;
};
