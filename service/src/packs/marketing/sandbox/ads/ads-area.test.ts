import type { StandInAnswer } from '../stand-in.ts';
import { demoWorld } from './demo.ts';
import { adsArea } from './index.ts';
import type { AdsWorld } from './state.ts';

const customer = '1234567890';
const yen = '2345678901';
const at = new Date('2026-11-20T09:00:00Z');
const world: AdsWorld = {
  ...demoWorld,
  // 91.20 on each of the 30 complete days before today, and as much again on the days around them.
  figures: (name, date) =>
    name.endsWith('/campaigns/101')
      ? {
          costMicros: date >= '2026-10-21' && date <= '2026-11-19' ? 91_200_000 : 1,
          ...{ clicks: 1, impressions: 1, conversions: 0, conversionsValue: 0 },
        }
      : undefined,
};
const area = await adsArea({ world });

const call = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<StandInAnswer> => {
  const request = { method: 'POST', path, query: new URLSearchParams(), headers, body, now: at };
  return (await area(request)) ?? { status: 0 };
};
const search = (query: string, more: object = {}, id = customer) =>
  call(`/v26/customers/${id}/googleAds:search`, { query, ...more });
const mutate = (service: string, operations: object[], more: object = {}, id = customer) =>
  call(`/v26/customers/${id}/${service}:mutate`, { operations, ...more });
/** Values of the failures' error codes. */
const codesIn = (status: unknown): string[] =>
  Object(status).details?.flatMap(({ errors }: { errors: { errorCode: object }[] }) =>
    errors.flatMap(({ errorCode }) => Object.values(errorCode)),
  );
const codes = ({ body }: StandInAnswer) => codesIn(Object(body).error);
const results = ({ body }: StandInAnswer): object[] => Object(body).results;

const budget = (id: string) => `customers/${customer}/campaignBudgets/${id}`;
const update = (resourceName: string, fields: object) => ({
  update: { resourceName, ...fields },
  updateMask: Object.keys(fields).join(','),
});
const campaign = (more: object) => ({
  create: {
    name: 'New',
    advertisingChannelType: 'SEARCH',
    campaignBudget: budget('504'),
    containsEuPoliticalAdvertising: 'DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING',
    manualCpc: {},
    ...more,
  },
});

describe('GAQL', () => {
  it.each([
    ['SELECT metrics.conversion_rate FROM campaign', 'UNRECOGNIZED_FIELD'],
    ['SELECT campaign.start_date FROM campaign', 'UNRECOGNIZED_FIELD'],
    ['SELECT campaign.id FROM ad', 'BAD_RESOURCE_TYPE_IN_FROM_CLAUSE'],
    ['SELECT ad_group.id FROM campaign', 'PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE'],
    ['SELECT campaign.id FROM campaign WHERE campaign.id', 'INVALID_OPERATOR'],
    ['SELECT campaign.id FROM campaign LIMIT 0', 'INVALID_LIMIT'],
    ['SELECT campaign.id FROM campaign; SELECT customer.id FROM customer', 'UNEXPECTED_INPUT'],
    ['SELECT change_event.user_email FROM change_event', 'LIMIT_NOT_SPECIFIED'],
    ['SELECT change_event.user_email FROM change_event LIMIT 10001', 'INVALID_LIMIT_CLAUSE'],
    ['SELECT change_event.user_email FROM change_event LIMIT 10', 'CHANGE_DATE_RANGE_INFINITE'],
    [
      "SELECT change_event.user_email FROM change_event WHERE change_event.change_date_time BETWEEN '2026-10-20' AND '2026-11-20' LIMIT 10",
      'START_DATE_TOO_OLD',
    ],
  ])('%s is refused: %s', async (query, code) => {
    const answer = await search(query);
    expect(answer.status).toBe(400);
    expect(codes(answer)).toEqual([code]);
  });

  it('selects, filters, sorts and limits, with int64 as text and no fields that were not asked for', async () => {
    const answer = await search(
      "SELECT campaign.id, campaign.name FROM campaign WHERE campaign.status IN ('ENABLED', PAUSED) AND campaign.id > 101 AND campaign.name LIKE '%s%' ORDER BY campaign.id DESC LIMIT 2",
    );
    expect(results(answer)).toEqual([
      { campaign: { resourceName: `customers/${customer}/campaigns/105`, id: '105', name: 'Summer sandals' } },
      { campaign: { resourceName: `customers/${customer}/campaigns/104`, id: '104', name: 'Whole shop' } },
    ]);
    expect(Object(answer.body)).toMatchObject({ fieldMask: 'campaign.id,campaign.name' });
  });

  it('adds up the last 30 complete days of the account, or tells them apart', async () => {
    const of = 'FROM campaign WHERE campaign.id = 101 AND segments.date';
    const sum = await search(`SELECT metrics.cost_micros ${of} DURING LAST_30_DAYS`);
    expect(results(sum)).toMatchObject([{ metrics: { costMicros: '2736000000' } }]);
    const days = await search(
      `SELECT segments.date, metrics.cost_micros ${of} BETWEEN '2026-10-20' AND '2026-11-20' ORDER BY segments.date`,
    );
    expect(results(days)).toHaveLength(32);
    expect(results(days)[0]).toMatchObject({ segments: { date: '2026-10-20' }, metrics: { costMicros: '1' } });
  });

  it('takes no page size and no page of another query', async () => {
    const query = 'SELECT campaign.id FROM campaign';
    expect(codes(await search(query, { pageSize: 100 }))).toEqual(['PAGE_SIZE_NOT_SUPPORTED']);
    expect(codes(await search(query, { pageToken: '10000.other' }))).toEqual(['INVALID_PAGE_TOKEN']);
  });
});

describe('a mutate', () => {
  it.each([
    ['VIDEO', 'campaigns', campaign({ advertisingChannelType: 'VIDEO' }), 'MUTATE_NOT_ALLOWED'],
    ['no EU field', 'campaigns', campaign({ containsEuPoliticalAdvertising: undefined }), 'REQUIRED'],
    ['no bidding', 'campaigns', campaign({ manualCpc: undefined }), 'REQUIRED'],
    ['a bidding strategy type', 'campaigns', campaign({ biddingStrategyType: 'MANUAL_CPC' }), 'IMMUTABLE_FIELD'],
    ['a name twice', 'campaigns', campaign({ name: 'Whole shop' }), 'DUPLICATE_CAMPAIGN_NAME'],
    ['a budget that is used', 'campaignBudgets', { remove: budget('501') }, 'CAMPAIGN_BUDGET_IN_USE'],
    [
      'part of a cent',
      'campaignBudgets',
      update(budget('501'), { amountMicros: '12345678' }),
      'NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT',
    ],
    ['no mask', 'campaignBudgets', { update: { resourceName: budget('501') } }, 'FIELD_MASK_MISSING'],
    [
      'a budget of another customer',
      'campaignBudgets',
      { remove: `customers/${yen}/campaignBudgets/601` },
      'RESOURCE_NAME_MALFORMED',
    ],
    [
      'a removal by status',
      'campaigns',
      update(`customers/${customer}/campaigns/101`, { status: 'REMOVED' }),
      'ENUM_VALUE_NOT_PERMITTED',
    ],
  ])('refuses %s', async (_what, service, operation, code) => {
    const answer = await mutate(service, [operation]);
    expect([answer.status, codes(answer)]).toEqual([400, [code]]);
    expect(Object(answer.body).error.details[0]).toMatchObject({
      '@type': 'type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure',
      errors: [{ location: { fieldPathElements: expect.arrayContaining([{ fieldName: 'operations', index: 0 }]) } }],
    });
  });

  it('knows the smallest unit of each currency', async () => {
    const set = (amountMicros: string) =>
      mutate(
        'campaignBudgets',
        [update(`customers/${yen}/campaignBudgets/601`, { amountMicros })],
        { validateOnly: true },
        yen,
      );
    expect(codes(await set('5000500000'))).toEqual(['NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT']);
    expect(await set('5001000000')).toEqual({ body: {} });
  });

  it('answers 200 with what it refused in part, and shares budgets unless it is told not to', async () => {
    const create = (name: string, amountMicros: string) => ({ create: { name, amountMicros } });
    const answer = await mutate('campaignBudgets', [create('A', '1'), create('B', '10000')], {
      ...{ partialFailure: true, responseContentType: 'MUTABLE_RESOURCE' },
    });
    expect(answer.status ?? 200).toBe(200);
    expect(results(answer)).toMatchObject([{}, { campaignBudget: { name: 'B', explicitlyShared: true } }]);
    expect(codesIn(Object(answer.body).partialFailureError)).toEqual(['NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT']);
  });

  it('edits nothing that was removed, and tells who changed what', async () => {
    const [made] = results(await mutate('campaigns', [campaign({ name: 'Short' })]));
    const name = String(Object(made).resourceName);
    await mutate('campaigns', [update(name, { status: 'PAUSED' })]);
    await mutate('campaigns', [{ remove: name }]);
    expect(codes(await mutate('campaigns', [update(name, { status: 'ENABLED' })]))).toEqual([
      'OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE',
    ]);
    const events = await search(
      `SELECT change_event.resource_change_operation, change_event.changed_fields, change_event.old_resource, change_event.user_email FROM change_event WHERE change_event.change_date_time BETWEEN '2026-11-01' AND '2026-11-21' AND change_event.change_resource_name = '${name}' LIMIT 100`,
    );
    expect(results(events).map((each) => Object(each).changeEvent)).toMatchObject([
      { resourceChangeOperation: 'CREATE', userEmail: 'demo@example.com' },
      { resourceChangeOperation: 'UPDATE', changedFields: 'status', oldResource: { campaign: { status: 'ENABLED' } } },
      { resourceChangeOperation: 'REMOVE' },
    ]);
  });
});

describe('who asks', () => {
  const query = 'SELECT customer.id FROM customer';
  it('each token has its own customers, and an unknown token none', async () => {
    const as = (token: string) => ({ authorization: `Bearer ${token}` });
    const path = `/v26/customers/${customer}/googleAds:search`;
    expect((await call(path, { query }, as('demo-token'))).status ?? 200).toBe(200);
    expect(codes(await call(path, { query }, as('other-token')))).toEqual(['USER_PERMISSION_DENIED']);
    expect((await call(path, { query }, as('wrong'))).status).toBe(401);
  });

  it('a version that is over is refused', async () => {
    expect(codes(await call(`/v22/customers/${customer}/googleAds:search`, { query }))).toEqual([
      'UNSUPPORTED_VERSION',
    ]);
  });

  it('the access level of the Cloud project limits operations a day, and the answer says how long to wait', async () => {
    const explorer = await adsArea({ accessLevel: 'explorer' });
    const ask = (operations: number) =>
      explorer({
        ...{ method: 'POST', query: new URLSearchParams(), headers: {}, now: at },
        path: `/v26/customers/${customer}/campaignBudgets:mutate`,
        body: {
          operations: Array(operations).fill({ remove: budget('999') }),
          partialFailure: true,
          validateOnly: true,
        },
      });
    expect((await ask(2880))?.status).toBeUndefined();
    const answer = await ask(1);
    expect(answer?.status).toBe(429);
    expect(Object(answer?.body).error.details[0].errors[0]).toMatchObject({
      errorCode: { quotaError: 'RESOURCE_EXHAUSTED' },
      details: { quotaErrorDetails: { retryDelay: '54000s' } },
    });
  });
});
