/** A post as it waits to be applied. Ids sort by the time at which the posts came. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ElementType } from '../model/element.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import { AlertSeverity } from '../model/severity.ts';

const Time = z.iso.datetime();
const Pairs = z.record(z.string(), z.string());

const Incoming = z.object({
  source: z.string(),
  name: z.string(),
  description: z.string(),
  severity: AlertSeverity,
  severity_defaulted: z.boolean(),
  status: z.enum(['firing', 'resolved']),
  site_code: z.string(),
  element_type: ElementType,
  element_id: z.string(),
  labels: Pairs,
  annotations: Pairs,
  starts_at: Time,
  ends_at: Time.nullable(),
  received_at: Time,
}) satisfies z.ZodType<IncomingAlert>;

export const Batch = z.object({
  batch: z.string(),
  /** When it was put here, by the clock of the service: the sandbox does not move it. */
  put_at: Time,
  /** Null: something that said nothing of an alert. */
  alerts: z.array(Incoming.nullable()),
});
export type Batch = Readonly<z.infer<typeof Batch>>;

/** The first id of a millisecond. */
export const batchIdAt = (at: Date): string => at.toISOString().replaceAll(/[-:.]/g, '');

/** Ids of one task, each after the one before also within a millisecond, and where its clock was set back. */
export const createBatchIds = (clock: () => Date): (() => string) => {
  let last = 0;
  return () => {
    last = Math.max(clock().getTime(), last + 1);
    return `${batchIdAt(new Date(last))}-${randomBytes(6).toString('hex')}`;
  };
};
