/** What may be lost, in this process's memory: for one task, for tests, and for Redis while it is away. */
import { LRUCache } from 'lru-cache';
import type { Ephemeral } from '../../ephemeral.ts';

/** Keys kept of each kind; the least recently used go first. */
const MAX_KEYS = 100_000;

interface Window {
  count: number;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

interface Value {
  readonly value: string;
  readonly endsAt: number;
}

/** Answers at once and never rejects. */
export const openMemoryEphemeral = ({ now = () => new Date() }: { readonly now?: () => Date } = {}): Ephemeral => {
  const windows = new LRUCache<string, Window>({ max: MAX_KEYS });
  const slides = new LRUCache<string, number[]>({ max: MAX_KEYS });
  const values = new LRUCache<string, Value>({ max: MAX_KEYS });

  return {
    count: async (key, windowSeconds, amount = 1) => {
      const at = now().getTime();
      const running = windows.get(key);
      const window =
        running !== undefined && running.endsAt > at ? running : { count: 0, endsAt: at + windowSeconds * 1000 };
      window.count += amount;
      windows.set(key, window);
      return { count: window.count, resetSeconds: Math.ceil((window.endsAt - at) / 1000) };
    },
    slide: async (key, windowSeconds) => {
      const at = now().getTime();
      const times = (slides.get(key) ?? []).filter((time) => time > at - windowSeconds * 1000);
      times.push(at);
      slides.set(key, times);
      return times.length;
    },
    get: async (key) => {
      const found = values.get(key);
      return found !== undefined && found.endsAt > now().getTime() ? found.value : undefined;
    },
    set: async (key, value, ttlSeconds) => {
      values.set(key, { value, endsAt: now().getTime() + ttlSeconds * 1000 });
    },
    remove: async (key) => {
      values.delete(key);
    },
    health: async () => 'ok',
    close: async () => {
      for (const kept of [windows, slides, values]) kept.clear();
    },
  };
};
