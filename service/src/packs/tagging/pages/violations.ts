/** The page of violations: what the newest snapshot's tags lack by the policy that holds, cut down by filters. */
import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { definePage, type PackPage } from '../../page.ts';
import type { KeptViolations } from '../reports/kept-violations.ts';
import { ViolationQuery } from './violation-query.ts';
import { violationsView } from './violations-view.ts';

/** What the page reads: nothing upstream. */
export interface ViolationReports {
  find(): Promise<KeptViolations | undefined>;
  /** Resources this service wrote after a time. */
  changedSince(timestamp: string): Promise<number>;
  /** Names of accounts by their ids. */
  accountNames(): Promise<ReadonlyMap<string, string>>;
}

export const violationsPage = (reports: ViolationReports): PackPage =>
  definePage({
    route: tagging.routes.violations,
    title: 'Tag violations',
    home: {
      title: 'Tag violations',
      text: 'Which resources lack which tag, by type, account, region, severity and tag.',
      link: 'See violations',
    },
    query: ViolationQuery,
    show: async ({ query, context }) => {
      const found = await reports.find();
      const [changedSince, accountNames] = await Promise.all([
        found === undefined ? 0 : reports.changedSince(found.timestamp),
        reports.accountNames(),
      ]);
      return { main: violationsView({ found, query, changedSince, accountNames, now: context.now().toISOString() }) };
    },
  });
