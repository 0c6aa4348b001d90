/** A notice as a mail. */
import type { NoticeBodies } from '../../ports/notify.ts';
import { type Html, html, visible } from '../../web/html.ts';
import type { Telling } from '../telling.ts';

/** RFC 5322 2.1.1 allows 998; what mail programs show of a subject is shorter. */
const SUBJECT_CHARACTERS = 150;

const why = 'You get this because of your notice settings';

const textOf = ({ headline, about, facts, link }: Telling, settings: string): string =>
  [
    headline,
    ...(about === undefined ? [] : ['', `> ${about}`]),
    '',
    ...facts.map(({ label, value }) => `${label}: ${value}`),
    '',
    `${link.label}:`,
    link.href,
    '',
    '--',
    `${why}: ${settings}`,
    '',
  ].join('\n');

// Styles beside their elements: mail programs drop style sheets.
const cell = 'padding:2px 12px 2px 0;vertical-align:top';

const document = ({ headline, about, facts, link }: Telling, settings: string): Html => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${headline}</title></head>
<body style="font:16px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff;margin:0;padding:24px;max-width:640px">
<p style="margin:0 0 12px"><strong>${headline}</strong></p>
${about !== undefined && html`<blockquote style="margin:0 0 12px;padding:4px 12px;border-left:3px solid #8a94a0;overflow-wrap:anywhere"><bdi>${about}</bdi></blockquote>`}
<table role="presentation" style="border-collapse:collapse;margin:0 0 16px">${facts.map(
  ({ label, value }) =>
    html`<tr><td style="${cell};color:#57606a">${label}</td><td style="${cell};overflow-wrap:anywhere"><bdi>${value}</bdi></td></tr>`,
)}</table>
<p style="margin:0 0 24px"><a href="${link.href}" style="color:#0b57d0">${link.label}</a></p>
<p style="margin:0;font-size:13px;color:#57606a">${why}. <a href="${settings}" style="color:#0b57d0">Change them</a>.</p>
</body></html>
`;

const subjectOf = ({ headline, about }: Telling): string => {
  const points = [...(about === undefined ? headline : `${headline}: ${about}`)];
  return points.length > SUBJECT_CHARACTERS ? `${points.slice(0, SUBJECT_CHARACTERS - 1).join('')}…` : points.join('');
};

/** @param settings address of the page where people choose what they are told */
export const writtenMail = (telling: Telling, settings: string): NoticeBodies['mail'] => ({
  subject: visible(subjectOf(telling)),
  text: textOf(telling, settings),
  html: document(telling, settings).toString(),
});
