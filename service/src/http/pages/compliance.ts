import type { FastifyInstance } from 'fastify';
import { routes } from '../../../../contracts/routes.ts';
import { compliancePage } from '../../web/index.ts';
import type { PageParts } from './parts.ts';
import { forPeople } from './visitor.ts';

/** Days the chart goes back: as long as scans are kept. */
const days = 90;

export const addCompliancePage = (scope: FastifyInstance, parts: PageParts): void => {
  scope.get(
    routes.compliance.path,
    forPeople(parts, async ({ frame }) => {
      const [history, policy] = await Promise.all([parts.compliance.history(days), parts.compliance.policy()]);
      const newest = history.at(-1);
      const changedSince = newest === undefined ? 0 : ((await parts.compliance.changedSince?.(newest.timestamp)) ?? 0);
      return compliancePage({ ...frame, history, policy, days, changedSince });
    }),
  );
};
