/** What everything of a customer depends on: its currency and its clock. */
import { z } from 'zod';
import { CountersignError } from '../../../../errors.ts';
import type { GoogleContext } from '../parts.ts';
import type { Ads } from './ads.ts';
import { gaql } from './query.ts';

const Row = z.looseObject({
  customer: z.looseObject({
    id: z.string(),
    descriptiveName: z.string().default(''),
    currencyCode: z.string(),
    timeZone: z.string(),
    manager: z.boolean().default(false),
  }),
});

export interface AdsCustomer {
  /** Ten digits. */
  readonly id: string;
  /** Text from outside. */
  readonly name: string;
  readonly currency: string;
  /** Of the IANA. Days of the account begin by it. */
  readonly timeZone: string;
  readonly manager: boolean;
}

/** @throws CountersignError not_found where Google answers without the customer */
export const customerOf = async (
  ads: Pick<Ads, 'rows'>,
  customerId: string,
  context: GoogleContext,
): Promise<AdsCustomer> => {
  const query = gaql`SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone, customer.manager FROM customer LIMIT 1`;
  for await (const { customer } of ads.rows(customerId, query, Row, context)) {
    const { id, descriptiveName, currencyCode, timeZone, manager } = customer;
    return { id, name: descriptiveName, currency: currencyCode, timeZone, manager };
  }
  throw new CountersignError('not_found', 'Google Ads has no such customer.', {
    details: { google_code: 'NOT_FOUND' },
  });
};
