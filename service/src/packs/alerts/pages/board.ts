/** The network board: every site by its status, the worst first. It loads itself again, for a screen on a wall. */
import { z } from 'zod';
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { CountersignError } from '../../../errors.ts';
import { defineAction, definePage, type PackPage } from '../../page.ts';
import { siteStatuses } from '../analysis/health.ts';
import { type NetworkHealth, networkHealth } from '../analysis/network-health.ts';
import { analysisSources } from '../analysis/sources.ts';
import { windowOf } from '../analysis/window.ts';
import type { AlertPack } from '../world.ts';
import { boardView } from './board-view.ts';

/** As generate_site_health_dashboard has it by default: the page and the tool say the same. */
const DAYS = 7;
const REFRESH_SECONDS = 60;
/** Several screens on walls share one look at a week of events. */
const SHARED_MS = 15_000;
const LONGEST_MS = 30_000;

interface Look {
  readonly turn: number;
  readonly at: string;
  readonly network: Promise<NetworkHealth>;
}

const sharedLooks = (pack: AlertPack): (() => Look) => {
  let last: Look | undefined;
  return () => {
    const now = pack.now();
    const turn = Math.floor(now.getTime() / SHARED_MS);
    if (last?.turn === turn) return last;
    const window = windowOf(undefined, DAYS, now);
    const call = { signal: AbortSignal.timeout(LONGEST_MS), progress: async () => {} };
    const look: Look = {
      ...{ turn, at: new Date(window.to).toISOString() },
      network: networkHealth(analysisSources(pack), window, call),
    };
    last = look;
    // The next one looks anew.
    look.network.catch(() => {
      if (last === look) last = undefined;
    });
    return look;
  };
};

export const boardPage = (pack: AlertPack): PackPage => {
  const looks = sharedLooks(pack);
  return definePage({
    route: alerts.routes.network,
    title: 'Network',
    nav: { label: 'Network', order: 30 },
    home: { title: 'Network', text: 'How each site is now, and what is open there.', link: 'See the network' },
    query: z.object({ status: z.enum(siteStatuses).optional().catch(undefined) }),
    show: async ({ query: { status }, visitor }) => {
      const { at, network } = looks();
      return {
        main: boardView({ network: await network, status, at, story: pack.story && { csrf: visitor.csrf } }),
        refresh: REFRESH_SECONDS,
      };
    },
    actions: [
      defineAction({
        route: alerts.routes.moveNetworkTime,
        fields: z.object({ minutes: z.coerce.number().default(0) }),
        submit: async ({ fields: { minutes } }) => {
          if (pack.story === undefined)
            throw new CountersignError('not_found', 'Only the sandbox has a time that moves.');
          await pack.story.move(minutes);
          return { redirect: alerts.routes.network.path };
        },
      }),
    ],
  });
};
