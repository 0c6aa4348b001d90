/** What every implementation of the ephemeral port must do. Called inside a describe with a way to open one. */
import { randomUUID } from 'node:crypto';
import type { EphemeralEngine } from '../../src/ports/ephemeral.ts';

interface Opened {
  readonly ephemeral: EphemeralEngine;
  /** Lets this much time pass. */
  readonly pass: (milliseconds: number) => Promise<void>;
}

export const ephemeralContract = (open: () => Promise<Opened>): void => {
  let ephemeral: EphemeralEngine;
  let pass: Opened['pass'];
  beforeAll(async () => {
    ({ ephemeral, pass } = await open());
  });
  afterAll(() => ephemeral.close());

  it('counts in a window that starts at the first addition', async () => {
    const key = randomUUID();
    expect(await ephemeral.count(key, 1)).toEqual({ count: 1, resetSeconds: 1 });
    await pass(600);
    expect(await ephemeral.count(key, 1, 5)).toEqual({ count: 6, resetSeconds: 1 });
    await pass(600);
    expect(await ephemeral.count(key, 60)).toEqual({ count: 1, resetSeconds: 60 });
    expect(await ephemeral.count(randomUUID(), 60, 0)).toEqual({ count: 0, resetSeconds: 60 });
  });

  it('counts every one of many at once', async () => {
    const key = randomUUID();
    const counts = await Promise.all(Array.from({ length: 100 }, () => ephemeral.count(key, 60)));
    expect(counts.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
  });

  it('slides: each record leaves the window by itself', async () => {
    const key = randomUUID();
    expect(await ephemeral.slide(key, 1)).toBe(1);
    await pass(600);
    expect(await ephemeral.slide(key, 1)).toBe(2);
    await pass(600);
    expect(await ephemeral.slide(key, 1)).toBe(2);
    await pass(1100);
    expect(await ephemeral.slide(key, 1)).toBe(1);
  });

  it('slides over many records at once', async () => {
    const key = randomUUID();
    const sizes = await Promise.all(Array.from({ length: 3000 }, () => ephemeral.slide(key, 1)));
    expect(Math.max(...sizes)).toBe(3000);
    await pass(1100);
    expect([await ephemeral.slide(key, 1), await ephemeral.slide(key, 1)]).toEqual([1, 2]);
  });

  it('keeps a value for its time', async () => {
    const key = `ключ ${randomUUID()}`;
    expect(await ephemeral.get(key)).toBeUndefined();
    await ephemeral.set(key, 'ü\0', 60);
    expect(await ephemeral.get(key)).toBe('ü\0');
    await ephemeral.set(key, '', 60);
    expect(await ephemeral.get(key)).toBe('');
    await ephemeral.set(key, 'short', 1);
    await pass(1100);
    expect(await ephemeral.get(key)).toBeUndefined();
  });

  it('forgets a key, whatever it holds', async () => {
    const key = randomUUID();
    await ephemeral.set(key, 'value', 60);
    await ephemeral.count(key, 60);
    await ephemeral.slide(key, 60);
    await ephemeral.remove(key);
    expect(await ephemeral.get(key)).toBeUndefined();
    expect((await ephemeral.count(key, 60)).count).toBe(1);
    expect(await ephemeral.slide(key, 60)).toBe(1);
  });

  it('is well', async () => {
    expect(await ephemeral.health()).toBe('ok');
  });
};
