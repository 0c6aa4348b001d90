/**
 * The fields that the stand-in knows, so that a query with a field that is not at Google is refused here too.
 * https://developers.google.com/google-ads/api/fields/v26/overview
 */

/** How a field is compared and sorted. `part`: a message or a list, selected only. */
export type FieldType = 'text' | 'number' | 'bool' | 'part';

const typed = (type: FieldType, prefix: string, names: string): [string, FieldType][] =>
  names.split(' ').map((name) => [`${prefix}.${name}`, type]);

export const fieldTypes: ReadonlyMap<string, FieldType> = new Map([
  ...typed('text', 'customer', 'resource_name descriptive_name currency_code time_zone status'),
  ...typed('number', 'customer', 'id'),
  ...typed('bool', 'customer', 'manager test_account'),
  ...typed('text', 'customer_client', 'resource_name descriptive_name currency_code time_zone status'),
  ...typed('number', 'customer_client', 'id level'),
  ...typed('bool', 'customer_client', 'manager'),
  ...typed(
    'text',
    'campaign',
    'resource_name name status advertising_channel_type campaign_budget bidding_strategy_type start_date_time end_date_time contains_eu_political_advertising',
  ),
  ...typed('number', 'campaign', 'id'),
  ...typed('text', 'campaign_budget', 'resource_name name status period delivery_method'),
  ...typed('number', 'campaign_budget', 'id amount_micros reference_count recommended_budget_amount_micros'),
  ...typed('bool', 'campaign_budget', 'explicitly_shared has_recommended_budget'),
  ...typed('text', 'ad_group', 'resource_name name status campaign'),
  ...typed('number', 'ad_group', 'id'),
  ...typed('text', 'ad_group_criterion', 'resource_name status type ad_group keyword.text keyword.match_type'),
  ...typed('number', 'ad_group_criterion', 'criterion_id cpc_bid_micros quality_info.quality_score'),
  ...typed('bool', 'ad_group_criterion', 'negative'),
  ...typed('text', 'campaign_criterion', 'resource_name status type campaign keyword.text keyword.match_type'),
  ...typed('number', 'campaign_criterion', 'criterion_id'),
  ...typed('bool', 'campaign_criterion', 'negative'),
  ...typed('text', 'search_term_view', 'resource_name search_term status ad_group'),
  ...typed('text', 'keyword_view', 'resource_name'),
  ...typed(
    'text',
    'change_event',
    'resource_name change_date_time change_resource_type change_resource_name client_type user_email resource_change_operation campaign ad_group',
  ),
  ...typed('part', 'change_event', 'changed_fields old_resource new_resource'),
  ...typed('text', 'segments', 'date'),
  ...typed(
    'number',
    'metrics',
    'cost_micros clicks impressions conversions conversions_value ctr average_cpc cost_per_conversion',
  ),
]);

const figures = ['metrics', 'segments'];

/** What may be selected FROM each. */
export const joined: Readonly<Record<string, readonly string[]>> = {
  customer: ['customer', ...figures],
  customer_client: ['customer_client', 'customer'],
  campaign: ['campaign', 'campaign_budget', 'customer', ...figures],
  campaign_budget: ['campaign_budget', 'customer'],
  ad_group: ['ad_group', 'campaign', 'customer'],
  ad_group_criterion: ['ad_group_criterion', 'ad_group', 'campaign', 'customer'],
  campaign_criterion: ['campaign_criterion', 'campaign', 'customer'],
  keyword_view: ['keyword_view', 'ad_group_criterion', 'ad_group', 'campaign', 'customer', ...figures],
  search_term_view: ['search_term_view', 'ad_group', 'campaign', 'customer', ...figures],
  change_event: ['change_event', 'campaign', 'customer'],
};

/** `ad_group_criterion` in JSON: `adGroupCriterion`. */
export const camel = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
