import { beforeTimeout } from './ephemeral.ts';

const later = (milliseconds: number) => new Promise<string>((resolve) => void setTimeout(resolve, milliseconds, 'it'));
/** Keeps this process from reading anything. */
const busy = (milliseconds: number) => {
  for (const until = performance.now() + milliseconds; performance.now() < until; );
};

describe('an answer in time', () => {
  it('is taken, and one that takes too long is not', async () => {
    await expect(beforeTimeout(later(10), 200)).resolves.toBe('it');
    await expect(beforeTimeout(later(2000), 50)).rejects.toThrow();
    await expect(beforeTimeout(Promise.reject(new Error('gone')), 50)).rejects.toThrow('gone');
  });

  it('is also one that came while this process was busy itself', async () => {
    const answer = beforeTimeout(later(80), 50);
    const [told] = await Promise.all([answer, Promise.resolve().then(() => busy(150))]);
    expect(told).toBe('it');
  });
});
