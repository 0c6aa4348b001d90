/** Campaigns that a call names by id, or by a part of their name. A plan shows those that were found as ids. */
import { z } from 'zod';
import { CountersignError } from '../../../../errors.ts';
import type { Ads } from '../../google/ads/ads.ts';
import { digits, gaql, where } from '../../google/ads/query.ts';
import type { GoogleContext } from '../../google/parts.ts';

/** Of campaigns that are found by a part of their name. */
export const MOST_MATCHED = 20;

const Row = z.looseObject({ campaign: z.looseObject({ id: z.string(), name: z.string() }) });

export interface FoundCampaign {
  readonly id: string;
  /** Text from outside. */
  readonly name: string;
}

interface Asked {
  readonly customerId: string;
  readonly campaignId?: string | undefined;
  /** A part of the name, whatever its case. It is compared here and is part of no query. */
  readonly campaignPattern?: string | undefined;
}

/**
 * @throws invalid_input for both or neither, not_found where there is none, and safety_limit_exceeded for more than 20 by a part of
 * their name
 */
export const matchedCampaigns = async (
  ads: Pick<Ads, 'rows'>,
  { customerId, campaignId, campaignPattern }: Asked,
  context: GoogleContext,
): Promise<readonly FoundCampaign[]> => {
  if ((campaignId === undefined) === (campaignPattern === undefined))
    throw new CountersignError('invalid_input', 'campaignId: give it or campaignPattern, one of the two.');
  const one = where(campaignId !== undefined, () => gaql` AND campaign.id = ${digits(campaignId ?? '')}`);
  const query = gaql`SELECT campaign.id, campaign.name FROM campaign WHERE campaign.status != 'REMOVED'${one} ORDER BY campaign.id`;
  const part = campaignPattern?.toLowerCase() ?? '';
  const found: FoundCampaign[] = [];
  let matched = 0;
  for await (const { campaign } of ads.rows(customerId, query, Row, context)) {
    if (!campaign.name.toLowerCase().includes(part)) continue;
    matched += 1;
    if (found.length < MOST_MATCHED) found.push({ id: campaign.id, name: campaign.name });
  }
  if (matched === 0)
    throw new CountersignError('not_found', 'The account has no such campaign.', {
      details: { google_code: 'NOT_FOUND' },
    });
  if (matched > MOST_MATCHED)
    throw new CountersignError(
      'safety_limit_exceeded',
      `campaignPattern: ${matched} campaigns have it in their name; one call changes at most ${MOST_MATCHED}. Write more of the name.`,
      { details: { google_code: 'SAFETY_LIMIT_EXCEEDED', matched, maximum: MOST_MATCHED } },
    );
  return found;
};
