import { asTheyFinish, inParallel } from './parallel.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('parallel work', () => {
  it('runs no more at once than allowed, and keeps the order of the items', async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel([30, 5, 20, 1], 2, async (wait) => {
      running += 1;
      most = Math.max(most, running);
      await pause(wait);
      running -= 1;
      return wait;
    });
    expect(results).toEqual([30, 5, 20, 1]);
    expect(most).toBe(2);
  });

  it('yields what is done first first', async () => {
    const seen: number[] = [];
    const tasks = [30, 1, 10].map((wait) => () => pause(wait).then(() => wait));
    for await (const each of asTheyFinish(tasks, 3)) seen.push(each);
    expect(seen).toEqual([1, 10, 30]);
  });

  it('fails with the first failure, and leaves no unhandled one behind', async () => {
    const failing = [1, 5].map((wait) => () => pause(wait).then(() => Promise.reject(new Error(`after ${wait}`))));
    await expect(inParallel(failing, 2, (task) => task())).rejects.toThrow('after 1');
    await pause(20);
  });
});
