import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import type { Impact } from '../../../measures/impact.ts';
import type { Sitemap } from '../google/search-console-answers.ts';
import type { Marketing } from '../world.ts';
import { AskedChange, askedChange, destructive, Reason } from './shared/asked-change.ts';
import { ofProperty, Property, WebAddress } from './shared/property.ts';
import {
  applySitemaps,
  findSitemap,
  readSitemaps,
  revertSitemap,
  sitemapChange,
  sitemapPolicy,
  typedForDeletion,
} from './shared/sitemap-change.ts';

const addressesIn = ({ contents }: Sitemap): Impact => ({
  label: 'Addresses that Google knows from it',
  unit: 'count',
  before: contents.reduce((sum, { submitted }) => sum + submitted, 0),
  after: 0,
});

const warnings = [
  'Google stops reading the sitemap. Pages stay in the index, and new ones may be found later.',
  'Taking it back submits the sitemap again: its dates and counts begin anew.',
];

export const deleteSitemap = (world: Marketing): Change =>
  defineChange({
    name: 'delete_sitemap',
    title: 'Delete a sitemap',
    description: 'Asks to delete a sitemap from Search Console. Another person types its address at approval_url.',
    scopes: ['marketing:write'],
    approveScope: 'marketing:approve',
    input: z.strictObject({
      property: Property,
      sitemapUrl: WebAddress.describe('Its address'),
      reason: Reason,
    }),
    output: AskedChange,
    annotations: destructive,
    accounts: ({ property }) => ofProperty(property),
    plan: async ({ property, sitemapUrl: address }, context) => {
      const found = await findSitemap(world.searchConsole, property, address, context);
      if (found === undefined)
        throw new CountersignError('not_found', 'sitemapUrl: the property has no such sitemap. See list_sitemaps.', {
          details: { google_code: 'NOT_FOUND' },
        });
      const changes = [sitemapChange({ property, address, found, after: 'absent' })];
      return {
        summary: `Delete the sitemap "${address}" from the Search Console property "${property}"`,
        changes,
        impact: [addressesIn(found)],
        warnings,
        reversible: { possible: true },
        ...typedForDeletion(changes),
        cost: { apiCalls: 1, charges: [] },
      };
    },
    read: (changes, context) => readSitemaps(world.searchConsole, changes, context),
    apply: (changes, context) => applySitemaps(world.searchConsole, changes, context),
    revert: revertSitemap,
    countersign: () => 'second-person',
    policyVersion: async () => sitemapPolicy,
    present: askedChange(world),
  });
