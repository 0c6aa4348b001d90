/** What changes of a budget and of a campaign have in common: who asks, who agrees, and what Google's own record says of drift. */
import type { CallContext } from '../../../../call.ts';
import type { Change } from '../../../../mcp/tool.ts';
import type { ResourceChange } from '../../../../operations/plan.ts';
import { changesSince } from '../../google/ads/change-events.ts';
import { agreementIn, besideOf } from '../../safety/beside.ts';
import type { Marketing } from '../../world.ts';
import { ofCustomer } from './ads.ts';
import { AskedChange, askedChange } from './asked-change.ts';
import { spending } from './spending.ts';

/** Who changed the resources at Google since then. */
const driftOf =
  ({ ads, safety }: Marketing) =>
  async (changes: readonly ResourceChange[], since: string, context: CallContext) => {
    const events = changes.map((change) => {
      const owner = { id: change.accountId, timeZone: besideOf(change).time_zone };
      return changesSince(ads, owner, change.resourceId, { since: new Date(since), now: safety.now() }, context);
    });
    return (await Promise.all(events)).flat().map((event) => ({ ...event }));
  };

export const spendingSteps = (world: Marketing) =>
  ({
    scopes: ['marketing:write'],
    approveScope: 'marketing:approve',
    output: AskedChange,
    annotations: spending,
    accounts: ofCustomer,
    drift: driftOf(world),
    countersign: (_input, plan) => agreementIn(plan),
    policyVersion: async () => world.safety.policyVersion,
    present: askedChange(world),
  }) satisfies Partial<Change>;
