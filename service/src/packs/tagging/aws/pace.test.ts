import { createPace } from './pace.ts';
import { wait } from './wait.ts';

const place = (region: string) => ({ accountId: '111111111111', region, signal: new AbortController().signal });

describe('the pace of writes', () => {
  /** Milliseconds each of so many calls waits, all asked for at once. */
  const waits = async (pace: ReturnType<typeof createPace>, slept: number[], region: string, calls: number) => {
    slept.length = 0;
    for (let call = 0; call < calls; call += 1) await pace(place(region));
    return [...slept];
  };

  it('is five at once and then five a second, for each account and region by itself', async () => {
    let now = 0;
    const slept: number[] = [];
    const pace = createPace(
      () => now,
      async (milliseconds) => void slept.push(milliseconds),
    );
    expect(await waits(pace, slept, 'us-east-1', 8)).toEqual([200, 400, 600]);
    expect(await waits(pace, slept, 'eu-west-1', 5)).toEqual([]);
    now = 600;
    expect(await waits(pace, slept, 'us-east-1', 1)).toEqual([200]);
    now = 60_000;
    expect(await waits(pace, slept, 'us-east-1', 6)).toEqual([200]);
  });

  it('ends the wait of a cancelled call', async () => {
    const cancelled = new AbortController();
    const waiting = wait(60_000, cancelled.signal);
    cancelled.abort();
    await expect(waiting).resolves.toBeUndefined();
  });
});
