import { type Draft, invalid, textOf } from './draft.ts';
import { adsError } from './refusals.ts';
import { type Rules, required } from './rules.ts';
import type { Fields } from './state.ts';

const types = ['SEARCH', 'DISPLAY', 'SHOPPING', 'PERFORMANCE_MAX', 'DEMAND_GEN', 'MULTI_CHANNEL'];

/** `manualCpc: {}` in a campaign is the strategy MANUAL_CPC. */
const strategies: Readonly<Record<string, string>> = {
  manualCpc: 'MANUAL_CPC',
  maximizeConversions: 'MAXIMIZE_CONVERSIONS',
  maximizeConversionValue: 'MAXIMIZE_CONVERSION_VALUE',
  targetSpend: 'TARGET_SPEND',
};

const checkType = (type: string): void => {
  if (type === '') throw required('advertising_channel_type');
  // https://developers.google.com/google-ads/api/docs/video/overview
  if (type === 'VIDEO')
    throw invalid(
      adsError(
        'mutateError',
        'MUTATE_NOT_ALLOWED',
        'Mutates are not allowed for VIDEO.',
        'create',
        'advertising_channel_type',
      ),
    );
  if (!types.includes(type))
    throw invalid(
      adsError(
        'enumError',
        'ENUM_VALUE_NOT_PERMITTED',
        'Enum value is not permitted.',
        'create',
        'advertising_channel_type',
      ),
    );
};

const strategyOf = (fields: Fields): string => {
  if (fields.biddingStrategyType !== undefined)
    throw invalid(
      adsError('fieldError', 'IMMUTABLE_FIELD', 'The field is output only.', 'create', 'bidding_strategy_type'),
    );
  const found = Object.keys(strategies).find((name) => fields[name] !== undefined);
  if (found === undefined) throw required('campaign_bidding_strategy');
  return strategies[found] ?? '';
};

const checkBudget = (draft: Draft, budgetName: string, type: string): void => {
  if (budgetName === '') throw required('campaign_budget');
  const path = ['create', 'campaign_budget'];
  const budget = draft.live(budgetName, ...path);
  if (budget.explicitlyShared === true) {
    if (type !== 'PERFORMANCE_MAX') return;
    const message = 'The campaign budget cannot be shared.';
    throw invalid(adsError('campaignBudgetError', 'CAMPAIGN_BUDGET_CANNOT_BE_SHARED', message, ...path));
  }
  if (draft.each('campaigns').every((each) => each.campaignBudget !== budgetName)) return;
  const code = 'CANNOT_USE_IMPLICITLY_SHARED_CAMPAIGN_BUDGET_WITH_MULTIPLE_CAMPAIGNS';
  const message = 'Only explicitly shared campaign budgets can be used with multiple campaigns.';
  throw invalid(adsError('campaignBudgetError', code, message, ...path));
};

/** https://developers.google.com/google-ads/api/docs/campaigns/create-campaigns */
export const campaignRules: Rules = {
  mutable: ['status', 'name', 'startDateTime', 'endDateTime', 'campaignBudget'],
  create: (draft, fields) => {
    const [name, type, campaignBudget] = [fields.name, fields.advertisingChannelType, fields.campaignBudget].map(
      textOf,
    );
    if (name === undefined || name === '') throw required('name');
    if (draft.each('campaigns').some((each) => each.name === name))
      throw invalid(
        adsError(
          'campaignError',
          'DUPLICATE_CAMPAIGN_NAME',
          'Campaign with this name already exists.',
          'create',
          'name',
        ),
      );
    checkType(type ?? '');
    if (fields.containsEuPoliticalAdvertising === undefined) throw required('contains_eu_political_advertising');
    const biddingStrategyType = strategyOf(fields);
    checkBudget(draft, campaignBudget ?? '', type ?? '');
    if (type === 'PERFORMANCE_MAX' && fields.brandGuidelinesEnabled !== false) {
      const message = 'Required business name asset is not linked to the campaign.';
      throw invalid(adsError('campaignError', 'REQUIRED_BUSINESS_NAME_ASSET_NOT_LINKED', message, 'create'));
    }
    if (type === 'PERFORMANCE_MAX' && !biddingStrategyType.startsWith('MAXIMIZE_'))
      throw invalid(
        adsError(
          'biddingError',
          'BIDDING_STRATEGY_NOT_SUPPORTED',
          'The bidding strategy is not supported.',
          'create',
          'campaign_bidding_strategy',
        ),
      );
    const { resourceName, id } = draft.newName('campaigns');
    return {
      resourceName,
      id,
      name,
      status: textOf(fields.status) || 'ENABLED',
      advertisingChannelType: type ?? '',
      campaignBudget: campaignBudget ?? '',
      containsEuPoliticalAdvertising: fields.containsEuPoliticalAdvertising,
      biddingStrategyType,
      startDateTime: textOf(fields.startDateTime) || '2026-11-20 00:00:00',
      endDateTime: textOf(fields.endDateTime) || '2037-12-30 23:59:59',
    };
  },
  checkUpdate: (draft, patch) => {
    if (patch.status !== undefined && patch.status !== 'ENABLED' && patch.status !== 'PAUSED')
      throw invalid(
        adsError('enumError', 'ENUM_VALUE_NOT_PERMITTED', 'Enum value is not permitted.', 'update', 'status'),
      );
    if (patch.campaignBudget !== undefined) draft.live(textOf(patch.campaignBudget), 'update', 'campaign_budget');
  },
};
