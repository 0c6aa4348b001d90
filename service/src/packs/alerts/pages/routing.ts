/** The page of routing: the tree, who the receivers are, how it escalates, and where an alert of some labels would go. */
import { z } from 'zod';
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { CountersignError } from '../../../errors.ts';
import { definePage, type PackPage } from '../../page.ts';
import { type RoutedBy, routingOf } from '../routing/preview.ts';
import type { AlertPack } from '../world.ts';
import { routingView } from './routing-view.ts';

/** `severity=5`, one a line. @throws invalid_input */
const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((line) => {
        const at = line.indexOf('=');
        if (at < 1)
          throw new CountersignError('invalid_input', `Labels: write ${line.slice(0, 80)} as label=value, one a line.`);
        return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      }),
  );

/** What was typed of the two; the id where there are both. */
const whichOf = ({
  labels,
  alert,
}: {
  readonly labels?: string | undefined;
  readonly alert?: string | undefined;
}): RoutedBy => (alert ? { alert_id: alert } : { labels: labelsOf(labels ?? '') });

export const routingPage = (pack: AlertPack): PackPage =>
  definePage({
    route: alerts.routes.routing,
    title: 'Routing of alerts',
    home: { title: 'Routing of alerts', text: 'Whom each alert reaches, and who is told next.', link: 'See routing' },
    query: z.object({
      labels: z.string().max(4000).optional().catch(undefined),
      alert: z.string().max(60).optional().catch(undefined),
    }),
    show: async ({ query: { labels, alert } }) => {
      const { tree, version } = await pack.routes.current();
      const shown = { tree, version, receivers: pack.receivers, asked: { labels: labels ?? '', alert: alert ?? '' } };
      try {
        const preview = (alert || labels?.trim()) && (await routingOf(pack, whichOf({ labels, alert })));
        return { main: routingView({ ...shown, ...(preview && { preview }) }) };
      } catch (error) {
        if (!(error instanceof CountersignError) || error.status >= 500) throw error;
        return { main: routingView({ ...shown, problem: error.message }), status: error.status };
      }
    },
  });
