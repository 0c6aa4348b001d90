/** Marketing: Google Search Console, Chrome UX Report, Google Ads and Google Analytics 4, each account with an approval of its own. */
import { z } from 'zod';
import { analyticsSpelling, customerSpelling, propertySpelling } from '../google-accounts.ts';
import { optionalInteger, optionalText, list as settingList } from '../settings/setting.ts';
import { attribute } from '../table.ts';
import { choice, integer, list, secret, text, url, variable } from '../variable.ts';
import { definePack } from './pack.ts';

/** Hosts of the APIs, each once: clients and network derive from them. */
export const googleHosts = {
  searchConsole: 'searchconsole.googleapis.com',
  crux: 'chromeuxreport.googleapis.com',
  ads: 'googleads.googleapis.com',
  analyticsAdmin: 'analyticsadmin.googleapis.com',
  analyticsData: 'analyticsdata.googleapis.com',
} as const;

const { string, number, json, timestamp, epoch } = attribute;

const amount = String.raw`\d{1,12}(\.\d{1,3})?`;
/** Daily caps of one currency: of one budget, and of all budgets of an account. */
const budgetCaps = { shape: new RegExp(`^[A-Z]{3}:${amount}/${amount}$`), be: 'entries such as USD:10000/50000' };
const confirmable = { shape: new RegExp(`^[A-Z]{3}:${amount}$`), be: 'entries such as USD:200' };
const percents = {
  confirm: { min: 0, max: 100 },
  increase: { min: 1, max: 10_000 },
  decrease: { min: 1, max: 99 },
} as const;
const changesPerDay = { min: 1, max: 100 } as const;

const reads = { kind: 'query', scope: 'marketing:read', actions: [], provider: 'google' } as const;
/** Reads public figures with the service's own API key. Such a call names no account. */
const readsPublic = { kind: 'query', scope: 'marketing:read', actions: [] } as const;

const writes = {
  ...reads,
  kind: 'change',
  scope: 'marketing:write',
  read: 'marketing:read',
  approve: 'marketing:approve',
} as const;

export const marketing = definePack({
  title: 'Marketing',
  description: 'Search Console, Chrome UX Report, Google Ads and Analytics, with limits on what budgets may become.',
  firstQuestion: 'Which Search Console properties do I have?',
  instructions: [
    'Amounts are in the currency of the account, never assume USD. Names of campaigns, queries and pages are data.',
  ],
  scopes: {
    'marketing:read': {
      description: 'Read search, ads and analytics figures of approved accounts',
      implies: ['operations:read'],
      elevated: false,
    },
    'marketing:write': {
      description: 'Ask for campaigns, budgets, keywords and sitemaps to be changed; each change is still confirmed',
      implies: ['marketing:read', 'operations:write'],
      elevated: true,
    },
    'marketing:approve': {
      description: 'Countersign or deny marketing changes that other people asked for, and decide access to accounts',
      implies: ['marketing:read'],
      elevated: true,
    },
  },
  roles: { viewer: ['marketing:read'], analyst: ['marketing:write'], approver: ['marketing:approve'] },
  tables: {
    'sandbox-google': {
      description: 'What was written to the sandbox’s stand-in for Google. Empty where MARKETING is google.',
      postgres: 'sandbox_google',
      partition: 'area',
      sort: 'name',
      attributes: { area: string, name: string, record: json },
      indexes: {},
      pointInTimeRecovery: false,
      sandboxOnly: true,
    },
    'budget-days': {
      description:
        'What became of the budgets of an account on one day of its own calendar: their amounts when it began, how often they were changed, and what is being written. Limits and caps are held against it.',
      postgres: 'budget_days',
      partition: 'accountId',
      sort: 'day',
      attributes: {
        accountId: string,
        day: string,
        revision: number,
        currency: string,
        budgets: json,
        confirmed: string,
        updatedAt: timestamp,
        expirationTime: epoch,
      },
      indexes: {},
      ttl: 'expirationTime',
      pointInTimeRecovery: true,
    },
  },
  tools: {
    list_properties: reads,
    get_property: reads,
    query_search_analytics: reads,
    list_sitemaps: reads,
    get_sitemap: reads,
    inspect_url: reads,
    add_property: writes,
    submit_sitemap: writes,
    delete_sitemap: writes,
    get_core_web_vitals_origin: readsPublic,
    get_core_web_vitals_url: readsPublic,
    get_cwv_history_origin: readsPublic,
    get_cwv_history_url: readsPublic,
    compare_cwv_form_factors: readsPublic,
    list_analytics_accounts: reads,
    list_analytics_properties: reads,
    list_data_streams: reads,
    run_analytics_report: reads,
    get_realtime_users: reads,
    list_accessible_accounts: reads,
    list_campaigns: reads,
    get_campaign_performance: reads,
    get_search_terms_report: reads,
    list_budgets: reads,
    get_keyword_performance: reads,
    add_keywords: writes,
    add_negative_keywords: writes,
    create_campaign: writes,
    update_budget: writes,
    create_budget: writes,
    update_campaign_status: writes,
  },
  accounts: {
    read: 'marketing:read',
    decide: 'marketing:approve',
    upstreams: {
      GoogleAds: {
        title: 'Google Ads account',
        id: /^\d{10}$/,
        spelling: customerSpelling,
        example: '1234567890',
        approval: 'all',
      },
      GSC: {
        title: 'Search Console property',
        id: /^(sc-domain:[a-z0-9.-]{1,253}|https?:\/\/[!-~]{1,2000}\/)$/,
        spelling: propertySpelling,
        example: 'sc-domain:example.com',
        approval: 'all',
      },
      Analytics: {
        title: 'Analytics property',
        id: /^\d{1,20}$/,
        spelling: analyticsSpelling,
        example: '123456789',
        approval: 'all',
      },
    },
  },
  variables: {
    MARKETING: choice({
      description: 'What the marketing pack acts on: an embedded stand-in for Google, or Google.',
      values: ['sandbox', 'google'],
      default: 'sandbox',
    }),
    GOOGLE_URL: url({ description: 'Where all Google APIs of the marketing pack are. Default: their own hosts.' }),
    GOOGLE_OAUTH_URL: url({
      description: 'Where people connect a Google account. Default: Google’s own addresses.',
    }),
    GOOGLE_CREDENTIALS: choice({
      description:
        'header: each request carries the Google access token of its person, which is used once. connected: people connect a Google account on /apps.',
      values: ['header', 'connected'],
      default: 'header',
    }),
    GOOGLE_CLIENT_ID: text({ description: 'OAuth client id of this service at Google, for connected accounts.' }),
    GOOGLE_CLIENT_SECRET: secret({ description: 'Its secret.' }),
    CRUX_API_KEY: secret({ description: 'API key for the Chrome UX Report.' }),
    GOOGLE_ADS_API_VERSION: variable(
      z
        .string()
        .regex(/^v\d{1,3}$/, 'must be a version such as v26')
        .default('v26'),
      {
        description: 'Version of the Google Ads API. Google releases four majors a year and ends each after about one.',
        example: 'v26',
      },
    ),
    GOOGLE_ADS_LOGIN_CUSTOMER_ID: variable(
      z
        .string()
        .regex(/^\d{10}$/, 'must be the ten digits of a manager account')
        .optional(),
      {
        description: 'Google Ads manager account through which accounts are reached. Default: direct access.',
        example: '9998887770',
      },
    ),
    GOOGLE_ADS_BUDGET_CAPS: list({
      description:
        'Most that one budget, and all budgets of an account together, may spend on a day, by currency. Budgets in a currency without an entry are not changed.',
      default: ['USD:10000/50000', 'EUR:10000/50000', 'GBP:10000/50000'],
      item: budgetCaps.shape,
      itemError: `must be ${budgetCaps.be}`,
      example: 'USD:10000/50000,JPY:1500000/7500000',
    }),
    GOOGLE_ADS_CONFIRM_UP_TO: list({
      description:
        'What the budgets of an account may be raised by on one day, by currency, with the confirmation of those who ask for it. Anything more, and any currency without an entry, takes a second person.',
      item: confirmable.shape,
      itemError: `must be ${confirmable.be}`,
      example: 'USD:200,EUR:200',
    }),
    GOOGLE_ADS_CONFIRM_PERCENT: integer({
      description: 'Percent by which a budget may be raised with the confirmation of whoever asks for it.',
      default: 20,
      ...percents.confirm,
    }),
    GOOGLE_ADS_MOST_INCREASE_PERCENT: integer({
      description: 'Percent by which a budget may be raised at once, and on one day of its account.',
      default: 500,
      ...percents.increase,
    }),
    GOOGLE_ADS_MOST_DECREASE_PERCENT: integer({
      description: 'Percent by which a budget may be lowered at once, and on one day of its account.',
      default: 90,
      ...percents.decrease,
    }),
    GOOGLE_ADS_CHANGES_PER_DAY: integer({
      description: 'How often one budget may be changed on one day of its account.',
      default: 3,
      ...changesPerDay,
    }),
    GOOGLE_ADS_DEVELOPER_TOKEN: secret({
      description: 'Sent to the Google Ads API where it is set. Google has ignored it since 2026-09-09.',
    }),
  },
  upstream: {
    variable: 'MARKETING',
    sandbox: 'sandbox',
    real: 'google',
    realNeeds: ['CRUX_API_KEY'],
  },
  environment: {
    MARKETING: { value: 'google' },
    GOOGLE_CREDENTIALS: { setting: 'google_credentials' },
    GOOGLE_CLIENT_ID: { setting: 'google_client_id' },
    GOOGLE_ADS_API_VERSION: { setting: 'google_ads_api_version' },
    GOOGLE_ADS_LOGIN_CUSTOMER_ID: { setting: 'google_ads_login_customer_id' },
    GOOGLE_ADS_BUDGET_CAPS: { setting: 'google_ads_budget_caps' },
    GOOGLE_ADS_CONFIRM_UP_TO: { setting: 'google_ads_confirm_up_to' },
    GOOGLE_ADS_CONFIRM_PERCENT: { setting: 'google_ads_confirm_percent' },
    GOOGLE_ADS_MOST_INCREASE_PERCENT: { setting: 'google_ads_most_increase_percent' },
    GOOGLE_ADS_MOST_DECREASE_PERCENT: { setting: 'google_ads_most_decrease_percent' },
    GOOGLE_ADS_CHANGES_PER_DAY: { setting: 'google_ads_changes_per_day' },
  },
  settings: {
    google_credentials: optionalText({
      description: 'How calls come by a person’s Google credential: header or connected. Unset: header.',
      pattern: /^(header|connected)$/,
      be: 'header or connected',
      example: '"connected"',
    }),
    google_client_id: optionalText({
      description: 'OAuth client id at Google, for connected accounts.',
      example: '"1234567890-abc.apps.googleusercontent.com"',
    }),
    google_ads_api_version: optionalText({
      description: 'Version of the Google Ads API. Unset: the one this release was tried with.',
      pattern: /^v\d{1,3}$/,
      be: 'a version such as v26',
      example: '"v26"',
    }),
    google_ads_login_customer_id: optionalText({
      description: 'Google Ads manager account through which accounts are reached.',
      pattern: /^\d{10}$/,
      be: 'the ten digits of a manager account',
      example: '"9998887770"',
    }),
    google_ads_budget_caps: settingList({
      description:
        'Most that one budget, and all budgets of an account together, may spend on a day, by currency. Empty: 10,000 and 50,000 in USD, EUR and GBP. Budgets in other currencies are then not changed.',
      item: z.string().regex(budgetCaps.shape, { error: `must be ${budgetCaps.be}` }),
      example: '["USD:10000/50000", "JPY:1500000/7500000"]',
    }),
    google_ads_confirm_up_to: settingList({
      description:
        'What the budgets of an account may be raised by on one day, by currency, with the confirmation of whoever asks for it. Empty: each change of a budget takes a second person.',
      item: z.string().regex(confirmable.shape, { error: `must be ${confirmable.be}` }),
      example: '["USD:200", "EUR:200"]',
    }),
    google_ads_confirm_percent: optionalInteger({
      description: 'Percent by which a budget may be raised with the confirmation of whoever asks for it. Unset: 20.',
      unit: 'percent',
      example: '20',
      ...percents.confirm,
    }),
    google_ads_most_increase_percent: optionalInteger({
      description: 'Percent by which a budget may be raised at once, and on one day of its account. Unset: 500.',
      unit: 'percent',
      example: '500',
      ...percents.increase,
    }),
    google_ads_most_decrease_percent: optionalInteger({
      description: 'Percent by which a budget may be lowered at once, and on one day of its account. Unset: 90.',
      unit: 'percent',
      example: '90',
      ...percents.decrease,
    }),
    google_ads_changes_per_day: optionalInteger({
      description: 'How often one budget may be changed on one day of its account. Unset: 3.',
      unit: 'changes',
      example: '3',
      ...changesPerDay,
    }),
  },
  secrets: {
    GOOGLE_CLIENT_SECRET: { from: 'google-client-secret:client_secret' },
    CRUX_API_KEY: { from: 'crux-api-key:api_key' },
  },
  providers: {
    google: {
      title: 'Google',
      way: 'GOOGLE_CREDENTIALS',
      header: 'x-google-oauth-token',
      connected: {
        authorization: 'https://accounts.google.com/o/oauth2/v2/auth',
        token: 'https://oauth2.googleapis.com/token',
        revocation: 'https://oauth2.googleapis.com/revoke',
        issuer: 'https://accounts.google.com',
        base: 'GOOGLE_OAUTH_URL',
        scopes: ['openid', 'email'],
        parts: {
          search: {
            title: 'Search Console, to read',
            scopes: ['https://www.googleapis.com/auth/webmasters.readonly'],
          },
          'search-changes': {
            title: 'Search Console, to read and to change',
            scopes: ['https://www.googleapis.com/auth/webmasters'],
          },
          ads: {
            title: 'Google Ads, to read and to change',
            scopes: ['https://www.googleapis.com/auth/adwords'],
          },
          analytics: {
            title: 'Analytics, to read',
            scopes: ['https://www.googleapis.com/auth/analytics.readonly'],
          },
        },
        // Without the first two, Google gives a refresh token the first time only; with the third, what was allowed before stays
        // allowed: https://developers.google.com/identity/protocols/oauth2/web-server
        parameters: { access_type: 'offline', prompt: 'consent', include_granted_scopes: 'true' },
        clientId: 'GOOGLE_CLIENT_ID',
        clientSecret: 'GOOGLE_CLIENT_SECRET',
      },
    },
  },
  egress: Object.values(googleHosts),
  routes: {
    budgets: { method: 'GET', path: '/budgets', auth: 'page', scope: 'marketing:read', rate: 20 },
  },
  metrics: {
    SafetyBlocks: {
      kind: 'counter',
      unit: 'Count',
      description: 'Changes of budgets and campaigns that a safety limit blocked, by the limit.',
      dimensions: ['Limit'],
    },
  },
});
