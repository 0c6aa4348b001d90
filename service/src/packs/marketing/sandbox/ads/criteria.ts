/** Keywords of ad groups, and negative keywords of campaigns. */
import { type Draft, invalid, textOf } from './draft.ts';
import { adsError } from './refusals.ts';
import { amountIn, type Rules, required } from './rules.ts';
import type { Fields, Json } from './state.ts';

const MOST_CHARACTERS = 80;
const MOST_WORDS = 10;
const matchTypes = ['EXACT', 'PHRASE', 'BROAD'];

const path = ['create', 'keyword', 'text'];

/** https://developers.google.com/google-ads/api/reference/rpc/v26/CriterionErrorEnum.CriterionError */
const checkText = (text: string): void => {
  if (text.trim() === '') throw required('keyword.text');
  if (text.length > MOST_CHARACTERS)
    throw invalid(adsError('criterionError', 'KEYWORD_TEXT_TOO_LONG', 'Keyword text is too long.', ...path));
  if (text.trim().split(/\s+/).length > MOST_WORDS)
    throw invalid(adsError('criterionError', 'KEYWORD_HAS_TOO_MANY_WORDS', 'Keyword has too many words.', ...path));
  if (/[!@%,*{}<>;|~`^=]/.test(text))
    throw invalid(
      adsError('criterionError', 'KEYWORD_HAS_INVALID_CHARS', 'Keyword text has invalid characters.', ...path),
    );
};

const member = (fields: Json | undefined, name: string): Json | undefined =>
  typeof fields === 'object' && fields !== null && !Array.isArray(fields)
    ? Object.entries(fields).find(([each]) => each === name)?.[1]
    : undefined;

const keywordIn = (fields: Fields): { text: string; matchType: string } => {
  const text = textOf(member(fields.keyword, 'text'));
  const matchType = textOf(member(fields.keyword, 'matchType'));
  checkText(text);
  if (!matchTypes.includes(matchType)) throw required('keyword.match_type');
  return { text, matchType };
};

const checkNew = (
  draft: Draft,
  collection: 'adGroupCriteria' | 'campaignCriteria',
  parent: [string, string],
  keyword: { text: string; matchType: string },
): void => {
  const same = (each: Fields): boolean =>
    each[parent[0]] === parent[1] &&
    textOf(member(each.keyword, 'text')).toLowerCase() === keyword.text.toLowerCase() &&
    member(each.keyword, 'matchType') === keyword.matchType;
  if (draft.each(collection).some(same))
    throw invalid(adsError('mutateError', 'RESOURCE_ALREADY_EXISTS', 'Resource already exists.', 'create'));
};

const idOf = (resourceName: string): string => resourceName.split('/')[3] ?? '';

export const adGroupCriterionRules: Rules = {
  mutable: ['status', 'cpcBidMicros'],
  create: (draft, fields) => {
    const adGroup = textOf(fields.adGroup);
    draft.live(adGroup, 'create', 'ad_group');
    const keyword = keywordIn(fields);
    checkNew(draft, 'adGroupCriteria', ['adGroup', adGroup], keyword);
    const { resourceName, id } = draft.newName('adGroupCriteria', idOf(adGroup));
    const bid = fields.cpcBidMicros;
    return {
      resourceName,
      criterionId: id,
      adGroup,
      status: textOf(fields.status) || 'ENABLED',
      type: 'KEYWORD',
      negative: fields.negative === true,
      keyword,
      ...(bid !== undefined && { cpcBidMicros: amountIn(draft, bid, 'criterionError', 'create', 'cpc_bid_micros') }),
    };
  },
};

export const campaignCriterionRules: Rules = {
  mutable: ['status'],
  create: (draft, fields) => {
    const campaign = textOf(fields.campaign);
    draft.live(campaign, 'create', 'campaign');
    const keyword = keywordIn(fields);
    // Campaigns have keywords to leave out only.
    if (fields.negative !== true) throw required('negative');
    checkNew(draft, 'campaignCriteria', ['campaign', campaign], keyword);
    const { resourceName, id } = draft.newName('campaignCriteria', idOf(campaign));
    return { resourceName, criterionId: id, campaign, status: 'ENABLED', type: 'KEYWORD', negative: true, keyword };
  },
};
