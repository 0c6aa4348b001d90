/**
 * The form of senders that write their own: one alert, a list of them, or `{ "alerts": [...] }`, with the names of the data model.
 * Its senders can be told what is wrong, so what does not fit is refused and not cut.
 */
import { z } from 'zod';
import { elementTypes, parseElementType, siteCode } from '../../model/element.ts';
import type { IncomingAlert } from '../../model/incoming.ts';
import { parseSeverity } from '../../model/severity.ts';
import type { AlertPost } from '../post.ts';
import { kept, MOST_LABELS } from '../texts.ts';
import { type ReadTimes, readTimes } from '../times.ts';
import { invalidPayload } from './invalid-payload.ts';

const Pairs = (characters: number) =>
  z
    .record(z.string().max(kept.name), z.string().max(characters))
    .refine((pairs) => Object.keys(pairs).length <= MOST_LABELS, `has more than ${MOST_LABELS} members`)
    .default({});

const Time = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-05-01T10:00:00Z' });

/** A generic sender must not end what another form began. */
const others: readonly string[] = ['alertmanager', 'cloudwatch'];

const Alert = z.strictObject({
  source: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .refine((source) => !others.includes(source), 'is the source of another form')
    .default('generic'),
  name: z.string().min(1).max(kept.name),
  description: z.string().max(kept.prose).default(''),
  severity: z.union([z.int().min(0).max(5).transform(String), z.string().max(20)]).optional(),
  status: z.enum(['firing', 'resolved']).default('firing'),
  site_code: z.union([z.literal(''), z.string().regex(siteCode, `must match ${siteCode.source}`)]).default(''),
  element_type: z.enum(elementTypes).optional(),
  element_id: z.string().max(kept.element).default(''),
  labels: Pairs(kept.label),
  annotations: Pairs(kept.prose),
  starts_at: Time.optional(),
  ends_at: Time.optional(),
});

const Message = z.object({ alerts: z.array(Alert) });

/** Payloads that are one alert or a list of them are put into the same shape. */
const inOneShape = (payload: unknown): unknown => {
  if (Array.isArray(payload)) return { alerts: payload };
  const has = typeof payload === 'object' && payload !== null && 'alerts' in payload;
  return has ? payload : { alerts: [payload] };
};

const incoming = (alert: z.output<typeof Alert>, arrived: string, times: ReadTimes): IncomingAlert => {
  const { severity, defaulted } = parseSeverity(alert.severity);
  return {
    ...alert,
    severity,
    severity_defaulted: defaulted,
    element_type: parseElementType(alert.element_type),
    starts_at: times.starts(alert.starts_at),
    ends_at: alert.status === 'resolved' ? times.ends(alert.ends_at) : null,
    received_at: arrived,
  };
};

/** @throws invalid_input that names the member */
export const fromGeneric = (payload: unknown, arrived: string): AlertPost => {
  const { success, data, error } = Message.safeParse(inOneShape(payload));
  if (!success) throw invalidPayload(error);
  const times = readTimes(arrived);
  const alerts = data.alerts.map((alert) => incoming(alert, arrived, times));
  return { format: 'generic', alerts, times_corrected: times.corrected };
};
