import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import type { ResourceChange, State } from '../../../operations/plan.ts';
import type { GoogleContext } from '../google/parts.ts';
import type { SearchConsole } from '../google/search-console.ts';
import { writeAndLook } from '../google/write-and-look.ts';
import type { Marketing } from '../world.ts';
import { AskedChange, additive, askedChange, Reason } from './shared/asked-change.ts';
import { ofProperty, Property } from './shared/property.ts';

const BY_HAND = 'Nothing here removes properties. Remove it by hand in Search Console.';

/** Which of these the person has at Google. */
const listed = async (
  { sites }: SearchConsole,
  changes: readonly ResourceChange[],
  context: GoogleContext,
): Promise<ReadonlyMap<string, State>> => {
  const mine = new Set((await sites(context)).map(({ siteUrl }) => siteUrl));
  return new Map(changes.map(({ resourceId }) => [resourceId, { listed: mine.has(resourceId) }]));
};

export const addProperty = (world: Marketing): Change =>
  defineChange({
    name: 'add_property',
    title: 'Add a Search Console property',
    description:
      'Asks to add a property that was approved for you to Search Console, unverified. You confirm at approval_url.',
    scopes: ['marketing:write'],
    approveScope: 'marketing:approve',
    input: z.strictObject({ siteUrl: Property, reason: Reason }),
    output: AskedChange,
    annotations: additive,
    accounts: ({ siteUrl }) => ofProperty(siteUrl),
    plan: async ({ siteUrl }, context) => {
      const found = (await world.searchConsole.sites(context)).find((site) => site.siteUrl === siteUrl);
      if (found !== undefined)
        throw new CountersignError('invalid_input', 'siteUrl: this property is in your Search Console already.');
      return {
        summary: `Add the property "${siteUrl}" to Search Console`,
        changes: [
          {
            ...{ resourceId: siteUrl, label: siteUrl, kind: 'search-console:property', api: 'GSC', accountId: siteUrl },
            ...{ before: { listed: false }, after: { listed: true } },
          },
        ],
        impact: [],
        warnings: ['It shows no data until its owner has verified it at Google.'],
        reversible: { possible: false, reason: BY_HAND },
        cost: { apiCalls: 1, charges: [] },
      };
    },
    read: (changes, context) => listed(world.searchConsole, changes, context),
    apply: (changes, context) =>
      Promise.all(
        changes.map((change) =>
          writeAndLook(
            change.resourceId,
            () => world.searchConsole.addSite(change.resourceId, context),
            async () => (await listed(world.searchConsole, [change], context)).get(change.resourceId)?.listed === true,
          ),
        ),
      ),
    revert: () => ({ irreversible: BY_HAND }),
    countersign: () => 'same-person',
    policyVersion: async () => 'search-console-1',
    present: askedChange(world),
  });
