import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import type { Marketing } from '../world.ts';
import { AskedChange, additive, askedChange, Reason } from './shared/asked-change.ts';
import { isOfProperty, ofProperty, Property, WebAddress } from './shared/property.ts';
import {
  applySitemaps,
  findSitemap,
  readSitemaps,
  revertSitemap,
  SUBMITTED_BEFORE,
  sitemapChange,
  sitemapPolicy,
  typedForDeletion,
} from './shared/sitemap-change.ts';

export const submitSitemap = (world: Marketing): Change =>
  defineChange({
    name: 'submit_sitemap',
    title: 'Submit a sitemap',
    description: 'Asks to submit a sitemap to Search Console. You confirm at approval_url.',
    scopes: ['marketing:write'],
    approveScope: 'marketing:approve',
    input: z.strictObject({ property: Property, sitemapUrl: WebAddress.describe('Its address'), reason: Reason }),
    output: AskedChange,
    annotations: additive,
    accounts: ({ property }) => ofProperty(property),
    plan: async ({ property, sitemapUrl: address }, context) => {
      if (!isOfProperty(address, property))
        throw new CountersignError(
          'invalid_input',
          `sitemapUrl: must be an address of the property ${property}. Name the property that the sitemap is on (list_properties has yours), or put the sitemap there.`,
        );
      const found = await findSitemap(world.searchConsole, property, address, context);
      const after = found === undefined ? 'submitted' : 'resubmitted';
      return {
        summary: `Submit the sitemap "${address}" to the Search Console property "${property}"${found ? ' again' : ''}`,
        changes: [sitemapChange({ property, address, found, after })],
        impact: [],
        warnings: [],
        reversible: found === undefined ? { possible: true } : { possible: false, reason: SUBMITTED_BEFORE },
        cost: { apiCalls: 1, charges: [] },
      };
    },
    read: (changes, context) => readSitemaps(world.searchConsole, changes, context),
    apply: (changes, context) => applySitemaps(world.searchConsole, changes, context),
    revert: revertSitemap,
    judge: async (changes) => ({
      ...{ impact: [], warnings: [], countersign: 'second-person' },
      ...typedForDeletion(changes),
    }),
    countersign: () => 'same-person',
    policyVersion: async () => sitemapPolicy,
    present: askedChange(world),
  });
