/** How pages name a client. Its name is its own claim; the host it is reached at is what was checked. */
import { type Html, html } from './html.ts';
import type { ClientProps } from './props.ts';

const loopback = 'this computer';

/** The client in a heading: its host. */
export const clientTitle = ({ host }: Pick<ClientProps, 'host'>): Html =>
  host === loopback ? html`an app on this computer` : html`<span class="host">${host}</span>`;

/** The client of somebody's operation, in a line: what was checked, then its own claim. */
export const clientLine = ({ name, host }: ClientProps): Html =>
  html`${host === loopback ? 'an app on their computer' : host} (calls itself “<bdi>${name}</bdi>”)`;

/** Who the client is, and what its name is worth. */
export const clientIdentity = (client: ClientProps): Html =>
  html`<div class="identity"><p>It calls itself <strong>“<bdi>${client.name}</bdi>”</strong>. Anyone can use any name; what counts is where your answer goes: ${
    client.host === loopback
      ? html`<strong>a program running on this computer</strong>. Continue only if you started it yourself, just now.`
      : html`<strong class="host">${client.host}</strong>. Continue only if you know this address and came from there.`
  }</p><details><summary>Technical details</summary><dl class="facts"><dt>Client id</dt><dd><code class="value">${client.clientId}</code></dd></dl></details></div>`;
