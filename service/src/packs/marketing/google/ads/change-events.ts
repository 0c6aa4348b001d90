/** Who changed what at Google Ads. https://developers.google.com/google-ads/api/docs/change-event */
import { z } from 'zod';
import { clean } from '../../../../untrusted.ts';
import type { GoogleContext } from '../parts.ts';
import type { Ads } from './ads.ts';
import { gaql, moment, resource } from './query.ts';

const DAY_MS = 86_400_000;
/** Google keeps events for 30 days, of which the first may be over before the query is read. */
const MOST_MS = 29 * DAY_MS;

const Event = z.looseObject({
  changeEvent: z.looseObject({
    changeDateTime: z.string(),
    userEmail: z.string().default(''),
    clientType: z.string().default(''),
    resourceChangeOperation: z.string().default(''),
    changedFields: z.string().default(''),
  }),
});

/** Cleaned. */
export interface ChangeEvent {
  readonly resource: string;
  readonly at: string;
  readonly by: string;
  readonly with: string;
  readonly operation: string;
  readonly fields: string;
}

/** A moment on the account's clock, as GAQL writes it. */
const clockOf = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);

/** Changes of one resource since a moment, the latest first, at most ten; of the last 29 days only. */
export const changesSince = async (
  ads: Pick<Ads, 'rows'>,
  { id, timeZone }: { readonly id: string; readonly timeZone: string },
  resourceName: string,
  { since, now }: { readonly since: Date; readonly now: Date },
  context: GoogleContext,
): Promise<readonly ChangeEvent[]> => {
  const from = clockOf(new Date(Math.max(since.getTime(), now.getTime() - MOST_MS)), timeZone);
  // A second later, so that what was changed just now is among them.
  const to = clockOf(new Date(now.getTime() + 1000), timeZone);
  const query = gaql`SELECT change_event.change_date_time, change_event.user_email, change_event.client_type, change_event.resource_change_operation, change_event.changed_fields FROM change_event WHERE change_event.change_date_time >= ${moment(from)} AND change_event.change_date_time <= ${moment(to)} AND change_event.change_resource_name = ${resource(resourceName)} ORDER BY change_event.change_date_time DESC LIMIT 10`;
  const events: ChangeEvent[] = [];
  for await (const { changeEvent: event } of ads.rows(id, query, Event, context))
    events.push({
      resource: resourceName,
      at: clean(event.changeDateTime, 40),
      by: clean(event.userEmail, 120),
      with: clean(event.clientType, 60),
      operation: clean(event.resourceChangeOperation, 20),
      fields: clean(event.changedFields, 200),
    });
  return events;
};
