import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { readOnly } from './shared/answer.ts';
import { ofProperty, Property, WebAddress } from './shared/property.ts';
import { ShownSitemap, shownSitemap } from './shared/sitemap.ts';

export const getSitemap = ({ searchConsole, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'get_sitemap',
    title: 'Get a sitemap',
    description: 'Shows one sitemap of a Search Console property with its errors.',
    scopes: ['marketing:read'],
    input: z.strictObject({ property: Property, sitemapUrl: WebAddress.describe('Its address') }),
    output: ShownSitemap.extend({ sandbox: z.boolean(), untrusted_text: UntrustedText }),
    annotations: readOnly,
    accounts: ({ property }) => ofProperty(property),
    run: async ({ property, sitemapUrl }, context) => ({
      ...shownSitemap(await searchConsole.sitemap(property, sitemapUrl, context)),
      sandbox,
      untrusted_text: ['sitemap'],
    }),
  });
