import { routes } from '../../../../contracts/routes.ts';
import { time } from '../format.ts';
import { type Html, html, lines } from '../html.ts';
import { page } from '../layout.ts';
import type { SentNoticeProps, SentNoticesProps } from '../props.ts';

const item = ({ to, channel, at, title, parts }: SentNoticeProps): Html =>
  html`<li class="item panel"><h2>${title}</h2>
<p class="quiet small">${channel} to <bdi>${to}</bdi> · ${time(at)}</p>
${parts.map(
  ({ name, text, open }) =>
    html`<details${open && html` open`}><summary>${name}</summary><pre class="message" tabindex="0">${lines(text)}</pre></details>`,
)}</li>`;

/** Each message as the sandbox would have sent it, newest first. */
export const sentNoticesPage = (props: SentNoticesProps): string =>
  page({
    frame: props,
    title: 'Messages of the sandbox',
    current: routes.notices.path,
    width: 'sheet',
    main: html`<p class="crumb"><a href="${routes.notices.path}">Notices</a></p>
<h1>Messages of the sandbox</h1>
<p class="lead">Nothing of this was sent. Each message is shown as it would be, on each channel, for a week.</p>
${
  props.messages.length === 0
    ? html`<div class="empty panel"><p><strong>There is no message yet.</strong></p><p class="quiet">Ask an agent for a change that somebody has to approve.</p></div>`
    : html`<ul class="items">${props.messages.map(item)}</ul>`
}
${props.moreHref !== undefined && html`<nav class="pager" aria-label="More messages"><a href="${props.moreHref}" rel="next">Older messages →</a></nav>`}`,
  });
