/** The page of alerts, with filters. */
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { compareRanks } from '../../../mcp/paging.ts';
import { definePage, type PackPage } from '../../page.ts';
import { alertFilter, worstNewest } from '../life/listing.ts';
import type { AlertPack } from '../world.ts';
import { AlertListQuery } from './alert-list-query.ts';
import { alertListView } from './alert-list-view.ts';

export const alertListPage = (pack: AlertPack): PackPage =>
  definePage({
    route: alerts.routes.alertList,
    title: 'Alerts',
    home: {
      title: 'Alerts',
      text: 'What is open now, the worst first, and what closed in the last week.',
      link: 'See alerts',
    },
    query: AlertListQuery,
    show: async ({ query }) => {
      const [all, silencing] = await Promise.all([pack.states.all(), pack.silences.now()]);
      const filter = alertFilter({
        status: query.status === undefined ? ['firing', 'acknowledged'] : [query.status],
        min_severity: query.severity ?? 0,
        site_code: query.site,
        matchers: [],
      });
      const ranked = all
        .filter(filter)
        .map((alert) => ({ alert, rank: worstNewest(alert) }))
        .sort((a, b) => compareRanks(a.rank, b.rank))
        .map(({ alert }) => alert);
      const sites = [...new Set(all.map(({ site_code }) => site_code))].filter((code) => code !== '').sort();
      const now = pack.now().toISOString();
      return { main: alertListView({ found: ranked, query, sites, silencing, now }) };
    },
  });
