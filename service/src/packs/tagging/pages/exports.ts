/** The page of exported files: what each holds, who asked for it, and until when it can be downloaded. */
import { z } from 'zod';
import { tagging } from '../../../../../contracts/packs/tagging.ts';
import type { Objects } from '../../../ports/objects.ts';
import { definePage, type PackPage } from '../../page.ts';
import { type KeptExport, keptExports } from '../reports/exports.ts';
import { exportsView } from './exports-view.ts';

/** Undefined: no files are kept. */
export type ExportObjects = Pick<Objects, 'list' | 'get' | 'link'> | undefined;

/** Files of one part of the page, each with a link of its own. */
const PART = 25;
/** Seconds that a link of the page lives; the file lives longer, and the page makes another. */
const LINK_SECONDS = 3600;
const MINUTE_SECONDS = 60;

/** A link for whoever may read tags, no longer than the file is kept. Undefined in its last minute. */
const linkOf = async (objects: Pick<Objects, 'link'>, { key, keptUntil, note }: KeptExport, now: Date) => {
  const left = Math.floor((Date.parse(keptUntil) - now.getTime()) / 1000);
  if (left < MINUTE_SECONDS) return undefined;
  const { url } = await objects.link(key, {
    readers: { scope: tagging.routes.exports.scope },
    seconds: Math.min(left, LINK_SECONDS),
    ...(note !== undefined && { fileName: note.fileName }),
  });
  // Links of a page stay at its own origin.
  const { pathname, search } = new URL(url);
  return pathname + search;
};

export const exportsPage = (objects: ExportObjects): PackPage =>
  definePage({
    route: tagging.routes.exports,
    title: 'Exported files',
    query: z.object({ page: z.coerce.number().int().min(1).max(10_000).catch(1) }),
    show: async ({ query: { page }, context }) => {
      const now = context.now();
      const found = objects && (await keptExports(objects, now, { part: page, size: PART }));
      const rows = await Promise.all(
        (found?.items ?? []).map(async (item) => ({ ...item, href: objects && (await linkOf(objects, item, now)) })),
      );
      const last = Math.max(1, Math.ceil((found?.total ?? 0) / PART));
      return {
        main: exportsView({
          rows,
          kept: objects !== undefined,
          total: found?.total ?? 0,
          isWhole: found?.isWhole ?? true,
          page,
          last,
        }),
      };
    },
  });
