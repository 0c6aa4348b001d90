/** The tools of Search Console. */
import type { Tool } from '../../../mcp/tool.ts';
import type { Marketing } from '../world.ts';
import { addProperty } from './add-property.ts';
import { deleteSitemap } from './delete-sitemap.ts';
import { getProperty } from './get-property.ts';
import { getSitemap } from './get-sitemap.ts';
import { inspectUrl } from './inspect-url.ts';
import { listProperties } from './list-properties.ts';
import { listSitemaps } from './list-sitemaps.ts';
import { querySearchAnalytics } from './query-search-analytics.ts';
import { submitSitemap } from './submit-sitemap.ts';

export const searchConsoleTools = (world: Marketing): readonly Tool[] => [
  listProperties(world),
  getProperty(world),
  querySearchAnalytics(world),
  listSitemaps(world),
  getSitemap(world),
  inspectUrl(world),
  addProperty(world),
  submitSitemap(world),
  deleteSitemap(world),
];
