import { jest } from '@jest/globals';
import type { Home } from '../../../contracts/home.ts';
import { openRig } from '../../test/rigs/pipeline.ts';
import { newLease } from '../operations/lease.ts';
import { watchHome } from './home.ts';

const silent = { info: () => {}, warn: () => {} };
const us = (epoch: number): Home => ({ region: 'us-east-1', epoch });
const eu = (epoch: number): Home => ({ region: 'eu-west-1', epoch });

const watching = (own: Home | undefined, elsewhere: (Home | undefined)[] = []) => {
  const world = { own, elsewhere, now: new Date('2026-11-29T10:00:00Z'), away: false };
  const read = jest.fn(async () => {
    if (world.away) throw new Error('no answer');
    return world.own;
  });
  const register = { read, readElsewhere: async () => world.elsewhere, close: () => {} };
  const home = watchHome({ register, region: 'us-east-1', initial: 'us-east-1', now: () => world.now, log: silent });
  const later = (ms: number) => {
    world.now = new Date(world.now.getTime() + ms);
  };
  return { world, home, read, later };
};

describe('the home of several regions', () => {
  it('is HOME_REGION at epoch 0 until somebody moves it', async () => {
    expect(await watching(undefined).home.permit()).toBe(0);
  });

  it('is read again after five seconds, and not before', async () => {
    const { world, home, read, later } = watching(us(3));
    expect(await home.permit()).toBe(3);
    world.own = eu(4);
    later(4_999);
    expect(await home.permit()).toBe(3);
    later(1);
    await expect(home.permit()).rejects.toMatchObject({ code: 'not_home', status: 503 });
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('is taken from the replica with the highest epoch, and never from one that lags', async () => {
    const { world, home, later } = watching(us(3), [eu(4)]);
    await expect(home.permit()).rejects.toMatchObject({ details: { home_region: 'eu-west-1', epoch: 4 } });
    world.elsewhere = [];
    later(60_000);
    await expect(home.permit()).rejects.toMatchObject({ details: { home_region: 'eu-west-1', epoch: 4 } });
  });

  it('is no region where two were made the home at once', async () => {
    const { world, home, later } = watching(us(4), [eu(4)]);
    await expect(home.permit()).rejects.toMatchObject({
      code: 'not_home',
      message: expect.stringMatching(/two regions/),
    });
    expect(home.isHome()).toBe(false);
    world.elsewhere = [us(4)];
    later(5_000);
    expect(await home.permit()).toBe(4);
  });

  it('lets nothing be written while it cannot be read', async () => {
    const { world, home, later } = watching(us(1));
    await home.permit();
    world.away = true;
    later(5_000);
    await expect(home.permit()).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('puts its epoch into leases', async () => {
    const { home } = watching(us(7));
    expect(await newLease({ ...openRig().parts, home })).toMatchObject({ epoch: 7 });
    expect(await newLease(openRig().parts)).not.toHaveProperty('epoch');
  });
});
