import { setTimeout as sleep } from 'node:timers/promises';
import type { EphemeralEngine } from '../../src/ports/ephemeral.ts';
import { openMemoryEphemeral } from '../../src/stores/memory/ephemeral.ts';
import { openRedis } from '../../src/stores/redis/ephemeral.ts';
import { describeWith } from '../servers/programs.ts';
import { startRedis } from '../servers/redis.ts';
import type { TestServer } from '../servers/server.ts';
import { ephemeralContract } from './ephemeral-contract.ts';

describe('what may be lost, in memory', () => {
  ephemeralContract(async () => {
    let time = Date.now();
    const pass = async (milliseconds: number) => {
      time += milliseconds;
    };
    return { ephemeral: openMemoryEphemeral({ now: () => new Date(time) }), pass };
  });
});

await describeWith(['redis-server'], 'what may be lost, in Redis', () => {
  let server: TestServer;
  const lines: string[] = [];
  const note = (...words: unknown[]) => {
    lines.push(JSON.stringify(words));
  };
  const log = { info: note, warn: note };
  const opened: EphemeralEngine[] = [];
  const open = async () => {
    const ephemeral = await openRedis({ url: server.url, log });
    opened.push(ephemeral);
    return ephemeral;
  };

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const ephemeral of opened) await ephemeral.close();
    await server.stop();
  });
  beforeEach(async () => {
    lines.length = 0;
    // Whatever the test before did to it.
    server.thaw();
    await server.resume();
  });

  describe('while it is there', () => {
    ephemeralContract(async () => {
      let time = Date.now();
      const ephemeral = await openRedis({ url: server.url, log, clock: () => new Date(time) });
      // Windows go by the clock that is handed in, values by that of Redis.
      const pass = async (milliseconds: number) => {
        time += milliseconds;
        await sleep(milliseconds);
      };
      return { ephemeral, pass };
    });

    it('lets a window end by its own clock where none is handed in', async () => {
      const ephemeral = await open();
      expect(await ephemeral.count('by itself', 1)).toEqual({ count: 1, resetSeconds: 1 });
      await sleep(1100);
      expect(await ephemeral.count('by itself', 1)).toEqual({ count: 1, resetSeconds: 1 });
      expect(await ephemeral.slide('by itself too', 1)).toBe(1);
      await sleep(1100);
      expect(await ephemeral.slide('by itself too', 1)).toBe(1);
    });

    it('shares everything between tasks', async () => {
      const [one, other] = [await open(), await open()];
      await one.set('shared', 'yes', 60);
      await one.count('shared', 60, 4);
      await one.slide('shared', 60);
      expect(await other.get('shared')).toBe('yes');
      expect((await other.count('shared', 60)).count).toBe(5);
      expect(await other.slide('shared', 60)).toBe(2);
    });
  });

  const quickly = async <R>(answer: Promise<R>, milliseconds: number): Promise<R> => {
    const began = performance.now();
    const value = await answer;
    expect(performance.now() - began).toBeLessThan(milliseconds);
    return value;
  };
  const eventually = async (well: () => Promise<boolean>) => {
    for (const deadline = Date.now() + 15_000; !(await well()); await sleep(50))
      if (Date.now() > deadline) throw new Error('it did not come back');
  };

  it.each(['killed', 'hung'])('answers from memory while it is %s, and from Redis again afterwards', async (how) => {
    const ephemeral = await open();
    await ephemeral.set('cached', 'in Redis', 600);
    await ephemeral.count('limit', 600, 10);
    if (how === 'killed') await server.halt();
    else server.freeze();
    // The first may have to find out; from then on nobody waits.
    expect((await quickly(ephemeral.count('limit', 600), 5000)).count).toBe(1);
    expect((await quickly(ephemeral.count('limit', 600), 5000)).count).toBe(2);
    expect(await quickly(ephemeral.slide('loop', 600), 5000)).toBe(1);
    await quickly(ephemeral.set('cached', 'in memory', 600), 5000);
    expect(await quickly(ephemeral.get('cached'), 5000)).toBe('in memory');
    expect(await quickly(ephemeral.health(), 5000)).toBe('degraded');
    if (how === 'killed') await server.resume();
    else server.thaw();
    await eventually(async () => (await ephemeral.health()) === 'ok');
    expect(await ephemeral.get('cached')).toBe(how === 'killed' ? undefined : 'in Redis');
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toMatch(/127\.0\.0\.1|redis:/);
    // What was remembered in the outage before is outdated by the next.
    server.freeze();
    expect(await ephemeral.get('cached')).toBeUndefined();
    server.thaw();
    await eventually(async () => (await ephemeral.health()) === 'ok');
    await ephemeral.remove('limit');
  });

  it('opens without a server, and finds it later', async () => {
    await server.halt();
    const ephemeral = await open();
    expect(await ephemeral.health()).toBe('degraded');
    await ephemeral.set('early', 'bird', 60);
    expect(await ephemeral.get('early')).toBe('bird');
    await server.resume();
    await eventually(async () => (await ephemeral.health()) === 'ok');
  });
});
