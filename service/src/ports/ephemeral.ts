/**
 * The port to state that may be lost: rate windows, budgets, loop detection, short caches. Redis behind several tasks,
 * memory behind one. An implementation that cannot reach its server answers from memory: slower or per task, not wrong.
 */
export interface Ephemeral {
  /** Adds `amount` (default 1) to a counter and returns it with the seconds until it resets. The window starts at the first addition. */
  count(key: string, windowSeconds: number, amount?: number): Promise<{ count: number; resetSeconds: number }>;
  /** Records now in a sliding window and returns how many records, this one included, it holds. */
  slide(key: string, windowSeconds: number): Promise<number>;
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Forgets the key, whatever it holds. */
  remove(key: string): Promise<void>;
}

/** What stands behind it, for whoever opened it. */
export interface EphemeralEngine extends Ephemeral {
  /** Resolves to 'ok', or to 'degraded' while it answers from memory because its server is away. */
  health(): Promise<'ok' | 'degraded'>;
  close(): Promise<void>;
}
