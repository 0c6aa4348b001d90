/** What an alert remembers of the batches that were applied to it, so that one that is applied again changes nothing. */
import { z } from 'zod';
import { AlertEvent } from './event.ts';

/** An event without what the alert itself says. */
export const AppliedEvent = AlertEvent.omit({
  alert_id: true,
  site_code: true,
  element_type: true,
  element_id: true,
  name: true,
});
export type AppliedEvent = Readonly<z.infer<typeof AppliedEvent>>;

export const AppliedBatch = z.object({
  batch: z.string(),
  /** How many posts of this fingerprint the alerts before this one took. */
  from: z.int(),
  /** A letter for what became of each post from there on. */
  outcomes: z.string(),
  /** Kept until they are surely among the events: a task may die in between. */
  events: z.array(AppliedEvent),
});
export type AppliedBatch = Readonly<z.infer<typeof AppliedBatch>>;
