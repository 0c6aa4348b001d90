/** The page of tag drift: what moved between two snapshots, by whom and when. */
import { z } from 'zod';
import { tagging } from '../../../../../contracts/packs/tagging.ts';
import type { PageContext } from '../../page.ts';
import { definePage, type PackPage } from '../../page.ts';
import { driftSeverities } from '../drift/compare.ts';
import type { KeptDrift } from '../drift/kept.ts';
import { driftView } from './drift-view.ts';

export const driftDays = [7, 30, 90] as const;

/** What the page reads: nothing upstream. */
export interface DriftReports {
  find(days: number, context: Pick<PageContext, 'signal' | 'log'>): Promise<KeptDrift | undefined>;
}

export const driftPage = (reports: DriftReports): PackPage =>
  definePage({
    route: tagging.routes.drift,
    title: 'Tag drift',
    home: {
      title: 'Tag drift',
      text: 'Required tags that were removed or changed lately, who did it, and when.',
      link: 'See tag drift',
    },
    query: z.object({
      days: z.coerce
        .number()
        .pipe(z.union(driftDays.map((days) => z.literal(days))))
        .catch(driftDays[0]),
      severity: z.enum(driftSeverities).optional().catch(undefined),
    }),
    show: async ({ query: { days, severity }, context }) => ({
      main: driftView({ drift: await reports.find(days, context), days, severity }),
    }),
  });
