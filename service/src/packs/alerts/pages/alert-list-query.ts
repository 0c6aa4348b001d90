/** What the page of alerts reads of its address. */
import { z } from 'zod';
import { alertStatuses } from '../model/alert.ts';
import { siteCode } from '../model/element.ts';

export const AlertListQuery = z.object({
  status: z.enum(alertStatuses).optional().catch(undefined),
  severity: z.coerce.number().int().min(0).max(5).optional().catch(undefined),
  site: z.string().regex(siteCode).optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});
export type AlertListQuery = z.output<typeof AlertListQuery>;
