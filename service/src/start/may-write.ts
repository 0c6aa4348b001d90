import type { HomeWatch } from '../home/home.ts';

/** Whether this region does the background work that writes. */
export const mayWrite = (home: Pick<HomeWatch, 'isHome'> | undefined): boolean => home === undefined || home.isHome();
