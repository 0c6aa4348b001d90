import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { readOnly, shown } from './shared/answer.ts';
import { ofProperty, Property } from './shared/property.ts';

export const getProperty = ({ searchConsole, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'get_property',
    title: 'Get a Search Console property',
    description: 'Shows one Search Console property with your level of permission.',
    scopes: ['marketing:read'],
    input: z.strictObject({ property: Property }),
    output: z.object({
      property: z.string(),
      permission_level: z.string(),
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: ({ property }) => ofProperty(property),
    run: async ({ property }, context) => {
      const { siteUrl, permissionLevel } = await searchConsole.site(property, context);
      return {
        property: shown(siteUrl),
        permission_level: shown(permissionLevel),
        sandbox,
        untrusted_text: ['property'],
      };
    },
  });
