/** The page of scheduled audits: when each comes next, and what the last one found. */
import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { definePage, type PackPage } from '../../page.ts';
import type { Audits } from '../audits/audits.ts';
import { auditsView } from './audits-view.ts';

export const auditsPage = (audits: Pick<Audits, 'all'>): PackPage =>
  definePage({
    route: tagging.routes.audits,
    title: 'Scheduled audits',
    home: {
      title: 'Scheduled audits',
      text: 'When tag compliance is audited by itself, and what the last audits found.',
      link: 'See scheduled audits',
    },
    show: async ({ visitor, context }) => ({
      main: auditsView({
        audits: await audits.all(),
        isAdmin: visitor.scopes.has('admin'),
        now: context.now().toISOString(),
      }),
    }),
  });
