/** The last steps of an alert's life, kept with it, so that showing one alert reads one object. */
import { z } from 'zod';
import { AlertSeverity } from './severity.ts';

export const AlertStep = z.object({
  at: z.iso.datetime(),
  /** lapse: an acknowledgement expired. Posts that said nothing new are counted elsewhere. */
  kind: z.enum(['raise', 'change', 'clear', 'acknowledge', 'lapse', 'escalate']),
  severity: AlertSeverity,
  /** The person who did it. */
  by: z.string().optional(),
});
export type AlertStep = Readonly<z.infer<typeof AlertStep>>;

/** Steps that are kept. All of those that senders reported are among the events. */
const MOST_STEPS = 20;

/** With one step more, and without the oldest where there are too many. */
export const withStep = <A extends { readonly history: readonly AlertStep[] }>(alert: A, step: AlertStep): A => ({
  ...alert,
  history: [...alert.history, step].slice(-MOST_STEPS),
});
