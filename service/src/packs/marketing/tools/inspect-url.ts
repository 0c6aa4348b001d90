import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { DEFAULT_ROWS } from '../../../mcp/answer-size.ts';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Inspection } from '../google/search-console-answers.ts';
import type { Marketing } from '../world.ts';
import { readOnly, shown, shownOrNull } from './shared/answer.ts';
import { isOfProperty, ofProperty, Property, WebAddress } from './shared/property.ts';

interface Issue {
  readonly severity?: string | undefined;
  readonly issueMessage?: string | undefined;
}

const shownIssues = (issues: readonly Issue[]) =>
  issues
    .slice(0, DEFAULT_ROWS)
    .map(({ severity = '', issueMessage = '' }) => ({ severity: shown(severity), message: shown(issueMessage) }));

const richIn = ({ richResultsResult: rich }: Inspection) =>
  rich && {
    verdict: shownOrNull(rich.verdict),
    types: rich.detectedItems
      .slice(0, DEFAULT_ROWS)
      .map(({ richResultType = '', items }) => ({ type: shown(richResultType), items: items.length })),
    issues: shownIssues(rich.detectedItems.flatMap(({ items }) => items.flatMap(({ issues }) => issues))),
  };

const indexIn = ({ indexStatusResult: index }: Inspection) => ({
  verdict: shownOrNull(index?.verdict),
  coverage: shownOrNull(index?.coverageState),
  indexing: shownOrNull(index?.indexingState),
  robots: shownOrNull(index?.robotsTxtState),
  fetch: shownOrNull(index?.pageFetchState),
  crawled_as: shownOrNull(index?.crawledAs),
  last_crawl: shownOrNull(index?.lastCrawlTime),
  google_canonical: shownOrNull(index?.googleCanonical),
  user_canonical: shownOrNull(index?.userCanonical),
  sitemaps: (index?.sitemap ?? []).slice(0, 5).map(shown),
  referring_urls: (index?.referringUrls ?? []).slice(0, 5).map(shown),
});

const answerOf = (inspection: Inspection) => {
  const rich = richIn(inspection);
  const { ampResult: amp } = inspection;
  return {
    ...indexIn(inspection),
    ...(rich && { rich_results: rich }),
    ...(amp && {
      amp: { verdict: shownOrNull(amp.verdict), url: shownOrNull(amp.ampUrl), issues: shownIssues(amp.issues) },
    }),
  };
};

const text = z.string().nullable();

export const inspectUrl = ({ searchConsole, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'inspect_url',
    title: 'Inspect a URL in the index',
    description: 'Shows what Google’s index has of a page. Not a live test. 2,000 a day per property.',
    scopes: ['marketing:read'],
    input: z.strictObject({
      property: Property,
      url: WebAddress.describe('Page'),
      languageCode: z
        .string()
        .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language such as en-US')
        .optional()
        .describe('Default en-US'),
    }),
    output: z.object({
      verdict: text,
      coverage: text,
      indexing: text,
      robots: text,
      fetch: text,
      crawled_as: text,
      last_crawl: text,
      google_canonical: text,
      user_canonical: text,
      sitemaps: z.array(z.string()),
      referring_urls: z.array(z.string()),
      rich_results: z.looseObject({}).optional(),
      amp: z.looseObject({}).optional(),
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: ({ property }) => ofProperty(property),
    run: async ({ property, url, languageCode }, context) => {
      if (!isOfProperty(url, property))
        throw new CountersignError('invalid_input', `url: must be a page of the property ${property}.`);
      const inspection = await searchConsole.inspect(property, url, languageCode, context);
      return {
        ...answerOf(inspection ?? {}),
        sandbox,
        untrusted_text: [
          ...['google_canonical', 'user_canonical', 'sitemaps', 'referring_urls'],
          ...['rich_results.issues[].message', 'amp.url', 'amp.issues[].message'],
        ],
      };
    },
  });
