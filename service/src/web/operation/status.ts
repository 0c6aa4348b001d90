/** An operation's status in words, with a sign of its own so that it does not need its colour. */
import type { Operation, Status } from '../../operations/operation.ts';
import { type Html, html } from '../html.ts';

type Tone = 'wait' | 'good' | 'bad' | 'caution' | 'still';

const words: Readonly<Record<Status, { readonly label: string; readonly tone: Tone; readonly sign: string }>> = {
  planned: { label: 'Planned', tone: 'still', sign: '○' },
  'awaiting-confirmation': { label: 'Awaiting confirmation', tone: 'wait', sign: '◔' },
  'awaiting-countersign': { label: 'Awaiting countersignature', tone: 'wait', sign: '◔' },
  approved: { label: 'Approved', tone: 'good', sign: '✓' },
  applying: { label: 'Applying', tone: 'wait', sign: '◑' },
  applied: { label: 'Applied', tone: 'good', sign: '✓' },
  'partially-applied': { label: 'Partially applied', tone: 'caution', sign: '!' },
  denied: { label: 'Denied', tone: 'bad', sign: '✕' },
  withdrawn: { label: 'Withdrawn', tone: 'still', sign: '↩' },
  expired: { label: 'Expired', tone: 'still', sign: '–' },
  failed: { label: 'Failed', tone: 'bad', sign: '✕' },
  reverted: { label: 'Reverted', tone: 'still', sign: '↶' },
};

export const badge = (status: Status): Html => {
  const { label, tone, sign } = words[status];
  return html`<span class="badge ${tone}"><span class="sign" aria-hidden="true">${sign}</span>${label}</span>`;
};

/** Whether somebody's answer is waited for. */
export const awaitsAnswer = ({ status }: Operation): boolean =>
  status === 'awaiting-confirmation' || status === 'awaiting-countersign';
