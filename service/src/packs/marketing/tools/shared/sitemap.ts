/** A sitemap as answers show it. */
import { z } from 'zod';
import type { Sitemap } from '../../google/search-console-answers.ts';
import { shown, shownOrNull } from './answer.ts';

export const ShownSitemap = z.object({
  sitemap: z.string(),
  is_index: z.boolean(),
  pending: z.boolean(),
  last_submitted: z.string().nullable(),
  last_downloaded: z.string().nullable(),
  errors: z.number(),
  warnings: z.number(),
  contents: z.array(z.object({ type: z.string(), submitted: z.number() })),
});

export const shownSitemap = (sitemap: Sitemap): z.input<typeof ShownSitemap> => ({
  sitemap: shown(sitemap.path),
  is_index: sitemap.isSitemapsIndex ?? false,
  pending: sitemap.isPending ?? false,
  last_submitted: shownOrNull(sitemap.lastSubmitted),
  last_downloaded: shownOrNull(sitemap.lastDownloaded),
  errors: sitemap.errors,
  warnings: sitemap.warnings,
  contents: sitemap.contents.map(({ type, submitted }) => ({ type: shown(type), submitted })),
});
