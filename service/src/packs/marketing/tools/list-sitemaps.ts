import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { AnswerRows, readOnly } from './shared/answer.ts';
import { CursorInput, CursorOutput, listPage } from './shared/paging.ts';
import { ofProperty, Property } from './shared/property.ts';
import { shownSitemap } from './shared/sitemap.ts';

export const listSitemaps = ({ searchConsole, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'list_sitemaps',
    title: 'List sitemaps',
    description: 'Lists sitemaps of a Search Console property with their errors.',
    scopes: ['marketing:read'],
    input: z.strictObject({ property: Property, cursor: CursorInput }),
    output: z.object({
      sitemaps: AnswerRows,
      total: z.number(),
      next_cursor: CursorOutput,
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: ({ property }) => ofProperty(property),
    run: async ({ property, cursor }, context) => {
      const all = await searchConsole.sitemaps(property, context);
      const { page: sitemaps, ...rest } = listPage(all, cursor, shownSitemap);
      return { sitemaps, ...rest, sandbox, untrusted_text: ['sitemaps[].sitemap'] };
    },
  });
