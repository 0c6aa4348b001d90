/** What is around every page: head, skip link, header with the way to the other pages, sandbox banner, footer. */
import { routes } from '../../../contracts/routes.ts';
import { icon, stylesheet } from './assets.ts';
import { type Html, html } from './html.ts';
import { mark } from './mark.ts';
import { navigation } from './nav.ts';
import type { Frame } from './props.ts';
import { inZone } from './zone.ts';

export interface Layout {
  readonly frame: Frame;
  /** Of the browser's tab, without the product's name. */
  readonly title: string;
  /** Address of the header's link that this page belongs to. */
  readonly current?: string;
  /** card: one narrow column for a single question. sheet: the full width. */
  readonly width: 'card' | 'sheet';
  /** Seconds after which the browser loads the page again. */
  readonly refresh?: number | undefined;
  readonly main: Html;
}

const account = ({ person, csrf }: Frame): Html | undefined =>
  person &&
  html`<form class="account" method="post" action="${routes.signOut.path}"><input type="hidden" name="csrf" value="${csrf}"><span class="who"><span class="unseen">Signed in as </span><bdi>${person.name}</bdi></span><button class="link">Sign out</button></form>`;

const banner = html`<p class="banner"><strong>Sandbox.</strong> The accounts, resources and people here are made up. Nothing real changes.</p>`;

/** A whole document. */
export const page = (layout: Layout): string => inZone(document(layout), layout.frame.timeZone);

const document = ({ frame, title, current, width, refresh, main }: Layout): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title} · Countersign</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">${refresh !== undefined && html`<meta http-equiv="refresh" content="${refresh}">`}
<link rel="icon" href="${icon.href}" type="image/svg+xml">
<link rel="stylesheet" href="${frame.stylesheet ?? stylesheet.href}">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top">${frame.sandbox && banner}<div class="bar"><a class="brand" href="${routes.home.path}">${mark}<span>Countersign</span></a>${navigation(frame.nav, current)}${account(frame)}</div></header>
<main id="main" class="${width}" tabindex="-1">${main}</main>
<footer class="bottom"><p>Every change an agent asks for is planned, countersigned, applied, audited and reversible.</p></footer>
</body>
</html>
`.toString();
