/** What people type on the page of an alert. */
import { z } from 'zod';

/** Wide, so that what a tool refuses is shown with everything that was typed. */
const typed = z.string().max(8000).default('');
export const AlertDraft = z.object({
  act: z.enum(['acknowledge', 'resolve', 'note']),
  minutes: typed,
  text: typed,
});
export type AlertDraft = z.output<typeof AlertDraft>;
