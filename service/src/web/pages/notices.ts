import { routes } from '../../../../contracts/routes.ts';
import { plural } from '../../measures/words.ts';
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { operationHref, replayNoticeHref } from '../links.ts';
import type {
  Frame,
  NoticeChannelProps,
  NoticesProps,
  NoticeTopicProps,
  SharedChannelProps,
  UndeliveredProps,
} from '../props.ts';

const hidden = ({ csrf }: Pick<Frame, 'csrf'>): Html => html`<input type="hidden" name="csrf" value="${csrf}">`;

const box = (topic: NoticeTopicProps, { name, label }: NoticeChannelProps): Html =>
  html`<label class="tick"><input type="checkbox" name="${topic.name}" value="${name}"${topic.on.includes(name) && html` checked`}> ${label}</label>`;

const topicFields = (topic: NoticeTopicProps, { channels, summaries }: NoticesProps): Html =>
  html`<fieldset class="topic"><legend>${topic.title}</legend><p class="hint">${topic.text}</p>
<div class="ticks">${channels.map((channel) => box(topic, channel))}</div>
${
  topic.name === 'summary' &&
  html`<div class="ticks" role="radiogroup" aria-label="How often">${summaries.map(
    ({ value, label, chosen }) =>
      html`<label class="tick"><input type="radio" name="summaries" value="${value}"${chosen && html` checked`}> ${label}</label>`,
  )}</div>`
}</fieldset>`;

const resumeForm = (channel: string, label: string, frame: Frame): Html =>
  html`<form method="post" action="${routes.resumeNotices.path}">${hidden(frame)}<input type="hidden" name="channel" value="${channel}"><div class="actions"><button class="button plain">Send there again<span class="unseen">: ${label}</span></button></div></form>`;

const pausedNotice = ({ name, label, paused }: NoticeChannelProps, frame: Frame): Html | false =>
  paused !== undefined &&
  html`<div class="notice problem"><p>Nothing is sent by ${label} since ${time(paused.since)}: ${paused.because}. Once that is mended, have it sent there again.</p>${resumeForm(name, label, frame)}</div>`;

const choices = (props: NoticesProps): Html =>
  props.channels.length === 0
    ? html`<div class="empty panel"><p><strong>You cannot be told anything yet.</strong></p><p class="quiet">${props.unreachable}</p></div>`
    : html`<form method="post" action="${routes.chooseNotices.path}" class="panel">${hidden(props)}
${props.topics.map((topic) => topicFields(topic, props))}
<div class="actions"><button class="button">Save</button></div></form>`;

const sharedItem = (shared: SharedChannelProps, frame: Frame): Html =>
  html`<li class="item panel"><h3>${shared.name}</h3><dl class="facts across">
<div><dt>Channel</dt><dd>${shared.label}</dd></div>
<div><dt>Told of</dt><dd>${shared.topics.join(', ')}</dd></div>
<div><dt>Its readers may see</dt><dd>${shared.reads.map((scope, index) => html`${index > 0 && ', '}<code>${scope}</code>`)}</dd></div></dl>
${pausedNotice({ ...shared, name: `shared:${shared.name}`, label: shared.name }, frame)}</li>`;

const sharedSection = (props: NoticesProps): Html | false =>
  props.shared !== undefined &&
  html`<section aria-labelledby="shared"><h2 id="shared">Shared channels</h2>
${
  props.shared.length === 0
    ? html`<p class="quiet">There is none. Operators name them in the secret variable <code>NOTICE_CHANNELS</code>.</p>`
    : html`<ul class="items">${props.shared.map((one) => sharedItem(one, props))}</ul>`
}</section>`;

const undeliveredItem = (one: UndeliveredProps, frame: Frame): Html =>
  html`<li class="item panel"><h3>${one.what}</h3>
<p class="quiet small">To <bdi>${one.to}</bdi> by ${one.channel} · ${plural(one.attempts, 'try', 'tries')} · given up ${time(one.at)}</p>
<p>${one.because}</p>
${one.operationId !== undefined && html`<p class="small"><a href="${operationHref(one.operationId)}">The change it is about</a></p>`}
<form method="post" action="${replayNoticeHref(one.jobId)}">${hidden(frame)}<div class="actions"><button class="button plain">Send again<span class="unseen">: ${one.what} to ${one.to}</span></button></div></form></li>`;

const undeliveredSection = (props: NoticesProps): Html | false =>
  props.undelivered !== undefined &&
  html`<section aria-labelledby="undelivered"><h2 id="undelivered">Not delivered</h2>
${
  props.undelivered.length === 0
    ? html`<p class="quiet">${props.moreHref === undefined ? 'Every message was delivered, or is still tried.' : 'None on this page.'}</p>`
    : html`<p class="quiet">Messages that were given up, after 75 hours or because their receiver refused them. What is over by the time it is sent again is dropped.</p>
<ul class="items">${props.undelivered.map((one) => undeliveredItem(one, props))}</ul>`
}
${props.moreHref !== undefined && html`<nav class="pager" aria-label="More messages"><a href="${props.moreHref}" rel="next">Older ones →</a></nav>`}</section>`;

/** One's own choices, and for admins shared channels and what was not delivered. Posts `csrf`, topics with channels, and `summaries`. */
export const noticesPage = (props: NoticesProps): string =>
  page({
    frame: props,
    title: 'Notices',
    current: routes.notices.path,
    width: 'sheet',
    main: html`<h1>Notices</h1>
<p class="lead">Choose what you are told, and where. A message says what waits or happened and leads to its page; you answer there, never in the message.</p>
${props.notice !== undefined && html`<div class="notice success" role="status"><p>${props.notice}</p></div>`}
${props.sandboxHref !== undefined && html`<p>In the sandbox nothing is sent. <a href="${props.sandboxHref}">See the messages as they would be sent</a>.</p>`}
${props.channels.map((channel) => pausedNotice(channel, props))}
${choices(props)}
${sharedSection(props)}
${undeliveredSection(props)}`,
  });
