/** Plans keywords: what is there already is left out, and what Google would refuse is shown as such. */
import type { CallContext } from '../../../../call.ts';
import { CountersignError } from '../../../../errors.ts';
import type { ResourceChange, State } from '../../../../operations/plan.ts';
import { clean } from '../../../../untrusted.ts';
import type { Ads } from '../../google/ads/ads.ts';
import {
  type Keyword,
  type KeywordPlace,
  keywordId,
  noKeyword,
  readKeywords,
  refusedKeywords,
} from '../../google/ads/keywords.ts';

export interface PlannedKeyword extends Keyword {
  readonly place: KeywordPlace;
  /** Name of the ad group or campaign: text from outside. */
  readonly placeName: string;
  readonly after: State;
}

const changeOf = ({ place, placeName, after, ...keyword }: PlannedKeyword): ResourceChange => ({
  resourceId: keywordId(place, keyword),
  label: clean(`"${keyword.text}" ${keyword.matchType} in ${placeName}`),
  kind: place.collection === 'campaigns' ? 'googleads:negative-keyword' : 'googleads:keyword',
  api: 'GoogleAds',
  accountId: place.customerId,
  before: noKeyword,
  after,
});

/** @throws invalid_input where Google would refuse all of them */
export const planKeywords = async (
  ads: Ads,
  keywords: readonly PlannedKeyword[],
  context: CallContext,
): Promise<{ readonly changes: readonly ResourceChange[]; readonly warnings: readonly string[] }> => {
  const all = keywords.map(changeOf);
  const live = await readKeywords(ads, all, context);
  const missing = all.filter(({ resourceId }) => live.get(resourceId)?.status === null);
  const refused = await refusedKeywords(ads, missing, context);
  const [first] = refused.values();
  if (first !== undefined && refused.size === missing.length)
    throw new CountersignError('invalid_input', `keywords: Google Ads would refuse all of them: ${first.message}`, {
      details: { google_code: 'INVALID_ARGUMENT', refusals: [...refused.values()].slice(0, 20) },
    });
  const there = all.length - missing.length;
  return {
    changes: missing.map((change) => {
      const why = refused.get(change.resourceId);
      return why === undefined ? change : { ...change, wouldFail: why.code };
    }),
    warnings: [
      ...(there > 0 ? [`${there} of ${all.length} are there already and stay as they are.`] : []),
      ...(refused.size > 0 ? [`Google Ads would refuse ${refused.size} of ${all.length}; the others are added.`] : []),
    ],
  };
};
