/** Signs and words of statuses and severities, each readable without its colour. */
import { type Html, html } from '../../../web/html.ts';
import type { SiteStatus } from '../analysis/health.ts';
import type { Alert } from '../model/alert.ts';
import { type AlertSeverity, severityNames } from '../model/severity.ts';

const statuses: Readonly<Record<SiteStatus, readonly [style: string, sign: string, word: string]>> = {
  DOWN: ['bad', '✕', 'Down'],
  DEGRADED: ['caution', '▲', 'Degraded'],
  MAINTENANCE: ['wait', '◷', 'Maintenance'],
  OPERATIONAL: ['good', '✓', 'Operational'],
};

const badge = (style: string, sign: string, word: string): Html =>
  html`<span class="badge ${style}"><span class="sign" aria-hidden="true">${sign}</span>${word}</span>`;

export const siteBadge = (status: SiteStatus | null): Html =>
  status === null ? badge('wait', '?', 'Not heard of') : badge(...statuses[status]);

/** As many strokes as the severity. */
export const severityBadge = (severity: AlertSeverity): Html =>
  badge(
    severity >= 4 ? 'bad' : severity >= 2 ? 'caution' : 'wait',
    '▮'.repeat(severity) || '▯',
    severityNames[severity],
  );

const alertStates: Readonly<Record<Alert['status'], readonly [style: string, sign: string, word: string]>> = {
  firing: ['bad', '●', 'Firing'],
  acknowledged: ['caution', '◐', 'Acknowledged'],
  resolved: ['good', '✓', 'Resolved'],
};

export const alertBadge = (status: Alert['status']): Html => badge(...alertStates[status]);
