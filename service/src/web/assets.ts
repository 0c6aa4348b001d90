/** The files pages refer to, with addresses that change when their content does, so browsers may keep them for ever. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { routes } from '../../../contracts/routes.ts';
import { markDocument } from './mark.ts';

export interface Asset {
  /** Path of the route. */
  readonly path: string;
  /** Path and content hash: what pages link to. */
  readonly href: string;
  readonly type: string;
  readonly body: string;
}

const asset = (path: string, type: string, body: string): Asset => ({
  path,
  href: `${path}?v=${createHash('sha256').update(body).digest('base64url').slice(0, 12)}`,
  type,
  body,
});

const ownStyles = readFileSync(new URL('./countersign.css', import.meta.url), 'utf8');

/** The stylesheet of all pages: the service's own styles and those of the enabled packs. */
export const stylesheetWith = (styles: readonly string[]): Asset =>
  asset(routes.stylesheet.path, 'text/css; charset=utf-8', [ownStyles, ...styles].join('\n'));

export const stylesheet = stylesheetWith([]);
export const icon = asset(routes.icon.path, 'image/svg+xml; charset=utf-8', markDocument);
