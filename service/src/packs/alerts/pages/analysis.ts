/** The page of analyses: when clusters of alarms were, what comes together, and what it begins with. */
import { z } from 'zod';
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { CountersignError } from '../../../errors.ts';
import { definePage, type PackPage } from '../../page.ts';
import { analyzeNetwork } from '../analysis/network-analysis.ts';
import { onlySites } from '../analysis/only-sites.ts';
import { analysisSources } from '../analysis/sources.ts';
import { windowOf } from '../analysis/window.ts';
import { siteCode } from '../model/element.ts';
import type { AlertPack } from '../world.ts';
import { analysisDays, analysisView } from './analysis-view.ts';

const SIZES = { sites: 30, clustersPerSite: 100, matrixKeys: 8 };
/** As many as compare_sites takes. */
const MOST_SITES = 20;

/** @throws invalid_input naming what is no site */
const sitesOf = (text: string): ReadonlySet<string> => {
  const sites = new Set(
    text
      .toUpperCase()
      .split(/[\s,]+/)
      .filter((code) => code !== ''),
  );
  for (const code of sites)
    if (!siteCode.test(code))
      throw new CountersignError('invalid_input', `Sites: ${code.slice(0, 40)} is no code of a site such as CZA0021.`);
  if (sites.size > MOST_SITES) throw new CountersignError('invalid_input', `Sites: choose at most ${MOST_SITES}.`);
  return sites;
};

export const analysisPage = (pack: AlertPack): PackPage =>
  definePage({
    route: alerts.routes.analysis,
    title: 'Analysis of alarms',
    home: {
      title: 'Analysis of alarms',
      text: 'When alarms came together, which ones, and what they began with.',
      link: 'See the analysis',
    },
    query: z.object({
      sites: z.string().max(700).catch(''),
      days: z.coerce.number().pipe(z.literal(analysisDays)).catch(7),
    }),
    show: async ({ query: asked, context: { signal } }) => {
      try {
        const window = windowOf(undefined, asked.days, pack.now());
        const sources = onlySites(analysisSources(pack), sitesOf(asked.sites));
        const found = await analyzeNetwork(sources, window, SIZES, { signal, progress: async () => {} });
        return { main: analysisView({ asked, found: { ...found, window } }) };
      } catch (error) {
        if (!(error instanceof CountersignError) || error.status >= 500) throw error;
        return { main: analysisView({ asked, problem: error.message }), status: error.status };
      }
    },
  });
