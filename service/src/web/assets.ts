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

export const stylesheet = asset(
  routes.stylesheet.path,
  'text/css; charset=utf-8',
  readFileSync(new URL('./countersign.css', import.meta.url), 'utf8'),
);
export const icon = asset(routes.icon.path, 'image/svg+xml; charset=utf-8', markDocument);
