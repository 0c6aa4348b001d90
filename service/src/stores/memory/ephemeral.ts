/** What may be lost, in this process's memory: for one task, for tests, and for Redis while it is away. */
import { LRUCache } from 'lru-cache';
import type { EphemeralEngine } from '../../ports/ephemeral.ts';

/** Keys kept of each kind; the least recently used go first. */
const MAX_KEYS = 100_000;

/** Each key weighs one. With `max` the cache would take its whole room at once: megabytes, and a tenth of a second. */
const kept = { maxSize: MAX_KEYS, sizeCalculation: () => 1 };

interface Window {
  count: number;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

interface Value {
  readonly value: string;
  readonly endsAt: number;
}

/** Times in order, of which those before `first` have left the window. */
interface Slide {
  times: number[];
  first: number;
}

/** Steps over what left the window, and lets go of it now and then: constant work a record however long the window. */
const living = (slide: Slide, cutoff: number): number => {
  while ((slide.times[slide.first] ?? Infinity) <= cutoff) slide.first += 1;
  if (slide.first > 1000 && slide.first * 2 > slide.times.length) {
    slide.times = slide.times.slice(slide.first);
    slide.first = 0;
  }
  return slide.times.length - slide.first;
};

/** Answers at once and never rejects. */
export const openMemoryEphemeral = ({
  now = () => new Date(),
}: {
  readonly now?: () => Date;
} = {}): EphemeralEngine => {
  const windows = new LRUCache<string, Window>(kept);
  const slides = new LRUCache<string, Slide>(kept);
  const values = new LRUCache<string, Value>(kept);

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
      const slide = slides.get(key) ?? { times: [], first: 0 };
      slides.set(key, slide);
      slide.times.push(at);
      return living(slide, at - windowSeconds * 1000);
    },
    get: async (key) => {
      const found = values.get(key);
      return found !== undefined && found.endsAt > now().getTime() ? found.value : undefined;
    },
    set: async (key, value, ttlSeconds) => {
      values.set(key, { value, endsAt: now().getTime() + ttlSeconds * 1000 });
    },
    remove: async (key) => {
      for (const kept of [windows, slides, values]) kept.delete(key);
    },
    health: async () => 'ok',
    close: async () => {
      for (const kept of [windows, slides, values]) kept.clear();
    },
  };
};
