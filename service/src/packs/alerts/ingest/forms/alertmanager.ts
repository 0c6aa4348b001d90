/**
 * What Alertmanager's webhook receiver sends, version 4. Its status and labels for a whole group are left alone: each alert has its own.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
import { z } from 'zod';
import { parseElementType } from '../../model/element.ts';
import type { IncomingAlert } from '../../model/incoming.ts';
import { parseSeverity } from '../../model/severity.ts';
import type { AlertPost } from '../post.ts';
import { cut, kept, pairsOf, siteOf } from '../texts.ts';
import { type ReadTimes, readTimes } from '../times.ts';
import { invalidPayload } from './invalid-payload.ts';

const Pairs = z.record(z.string(), z.string()).default({});

const Alert = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels: Pairs,
  annotations: Pairs,
  startsAt: z.string().optional(),
  endsAt: z.string().optional(),
});

const Message = z.looseObject({
  version: z.literal('4', 'must be the text "4": another version is not known here'),
  alerts: z.array(Alert),
});

/** Prometheus has a name for each alert; another client of Alertmanager may have none. */
const NAMELESS = 'unnamed';

const incoming = (alert: z.output<typeof Alert>, arrived: string, times: ReadTimes): IncomingAlert => {
  const { status, labels, annotations } = alert;
  const { severity, defaulted } = parseSeverity(labels.severity);
  const starts_at = times.starts(alert.startsAt);
  return {
    source: 'alertmanager',
    name: cut(labels.alertname?.trim() || NAMELESS, kept.name),
    description: cut(annotations.description ?? annotations.summary ?? '', kept.prose),
    severity,
    severity_defaulted: defaulted,
    status,
    site_code: siteOf(labels.site_code),
    element_type: parseElementType(labels.element_type),
    element_id: cut(labels.instance ?? '', kept.element),
    labels: pairsOf(labels, kept.label),
    annotations: pairsOf(annotations, kept.prose),
    starts_at,
    // A firing alert may carry the time at which Alertmanager would give it up.
    ends_at: status === 'resolved' ? times.ends(alert.endsAt) : null,
    received_at: arrived,
  };
};

/** @throws invalid_input that names the member */
export const fromAlertmanager = (payload: unknown, arrived: string): AlertPost => {
  const { success, data, error } = Message.safeParse(payload);
  if (!success) throw invalidPayload(error);
  const times = readTimes(arrived);
  const alerts = data.alerts.map((alert) => incoming(alert, arrived, times));
  return { format: 'alertmanager', alerts, times_corrected: times.corrected };
};
