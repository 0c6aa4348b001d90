/** Google Search Console, https://developers.google.com/webmaster-tools/v1/api_reference_index. */
import { searchconsole } from 'googleapis/build/src/apis/searchconsole/index.js';
import { z } from 'zod';
import { asked } from './asked.ts';
import type { GoogleContext, GoogleParts } from './parts.ts';

const Site = z.object({ siteUrl: z.string(), permissionLevel: z.string() });
export type Site = z.infer<typeof Site>;

export interface SearchConsole {
  /** Properties that the person has at Google, approved here or not. */
  sites(context: GoogleContext): Promise<readonly Site[]>;
}

export const openSearchConsole = ({ open, credential }: GoogleParts): SearchConsole => {
  const upstream = open('searchConsole');
  const client = searchconsole({ version: 'v1' });
  return {
    sites: async (context) => {
      const ask = { path: '/webmasters/v3/sites', credential: await credential(context), signal: context.signal };
      const data = await asked(upstream, ask, (options) => client.sites.list({}, options));
      return z.object({ siteEntry: z.array(Site).default([]) }).parse(data).siteEntry;
    },
  };
};
