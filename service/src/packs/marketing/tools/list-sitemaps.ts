import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { readOnly } from './shared/answer.ts';
import { CursorInput, NextCursor, pageOf } from './shared/paging.ts';
import { ofProperty, Property } from './shared/property.ts';
import { ShownSitemap, shownSitemap } from './shared/sitemap.ts';

export const listSitemaps = ({ searchConsole, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'list_sitemaps',
    title: 'List sitemaps',
    description: 'Lists the sitemaps of a Search Console property with their errors and warnings.',
    scopes: ['marketing:read'],
    input: z.strictObject({ property: Property, cursor: CursorInput }),
    output: z.object({
      sitemaps: z.array(ShownSitemap),
      total: z.number(),
      next_cursor: NextCursor,
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: ({ property }) => ofProperty(property),
    run: async ({ property, cursor }, context) => {
      const all = await searchConsole.sitemaps(property, context);
      const { page: sitemaps, ...rest } = pageOf(all, cursor, shownSitemap);
      return { sitemaps, ...rest, sandbox, untrusted_text: ['sitemaps[].sitemap'] };
    },
  });
