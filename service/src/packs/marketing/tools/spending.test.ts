import { type AdsRig, openAdsRig } from '../../../../test/rigs/ads.ts';
import { parseMarkup, text } from '../../../../test/rigs/markup.ts';
import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';
import { amountOf } from '../../../measures/money.ts';
import type { Operation } from '../../../operations/operation.ts';
import { operationHref } from '../../../web/links.ts';
import { moneySection } from '../../../web/operation/money.ts';
import { dayOf } from '../safety/days.ts';
import { demoWorld } from '../sandbox/ads/demo.ts';
import type { AdsWorld, Customer, Fields } from '../sandbox/ads/state.ts';
import { refused } from '../sandbox/stand-in.ts';
import { daysBefore, today } from './shared/dates.ts';

const [dollars, yen, euros, francs] = ['1234567890', '2345678901', '3456789012', '4567890123'];
const zone = 'America/New_York';
const customer = (id: string, currencyCode: string): Customer => ({
  ...{ id, currencyCode, descriptiveName: `Shop in ${currencyCode}`, timeZone: zone, manager: false },
});
const name = (id: string, collection: string, of = dollars) => `customers/${of}/${collection}/${id}`;
/** A budget, and an enabled campaign of the same id that spends it. */
const spent = (id: string, micros: string, of = dollars, more: Record<string, boolean | string> = {}): Fields[] => [
  {
    ...{ resourceName: name(id, 'campaignBudgets', of), id, name: `Budget ${id}`, amountMicros: micros },
    ...{ status: 'ENABLED', period: 'DAILY', deliveryMethod: 'STANDARD', explicitlyShared: false },
    ...more,
  },
  {
    ...{ resourceName: name(id, 'campaigns', of), id, name: `Campaign ${id}`, status: 'ENABLED' },
    ...{ campaignBudget: name(id, 'campaignBudgets', of), advertisingChannelType: 'SEARCH' },
  },
];
const besides = (id: string, budgetId: string, status: string): Fields => ({
  ...{ resourceName: name(id, 'campaigns'), id, name: `Campaign ${id}`, status },
  ...{ campaignBudget: name(budgetId, 'campaignBudgets'), advertisingChannelType: 'SEARCH' },
});
/** Each campaign spent 91.20 a day until three days ago, and 160.00 a day since. */
const figures: AdsWorld['figures'] = (resourceName, date) => {
  if (!resourceName.includes('/campaigns/')) return undefined;
  const costMicros = date > daysBefore(today(zone, new Date()), 1) ? 160_000_000 : 91_200_000;
  return { costMicros, clicks: 1, impressions: 1, conversions: 0, conversionsValue: 0 };
};
const amounts: Record<string, string> = {
  ...{ 1: '100000000', 2: '100000000', 3: '200000000', 4: '0', 5: '4000000000', 6: '100000000', 7: '100000000' },
  ...{ 8: '100000000', 9: '100000000', 10: '100000000', 11: '100000000', 12: '100000000', 13: '100000000' },
  ...{ 14: '100000000', 15: '100000000', 16: '100000000' },
};
const world: AdsWorld = {
  ...demoWorld,
  customers: [customer(dollars, 'USD'), customer(yen, 'JPY'), customer(euros, 'EUR'), customer(francs, 'CHF')],
  resources: [
    ...Object.entries(amounts).flatMap(([id, micros]) => spent(id, micros)),
    ...spent('20', '200000000', dollars, { explicitlyShared: true, name: 'Seasonal, shared' }),
    besides('21', '20', 'PAUSED'),
    besides('22', '12', 'PAUSED'),
    ...spent('60', '100000000', francs),
  ],
  figures,
};

let rig: AdsRig;
let pack: OnePack;
beforeAll(async () => {
  rig = await openAdsRig({ world }, {}, () => new Date());
  const variables = {
    ...{ GOOGLE_URL: rig.google.url, GOOGLE_ADS_CONFIRM_UP_TO: 'USD:100' },
    GOOGLE_ADS_BUDGET_CAPS: 'USD:10000/50000,EUR:10000/50000,JPY:1500000/7500000',
  };
  const approved = [dollars, yen, euros, francs].map((accountId) => ({ api: 'GoogleAds', accountId }));
  pack = await openOnePack('marketing', variables, approved);
});
afterAll(async () => {
  await pack.close();
  await rig.close();
});

const mutates = () => rig.google.calls.filter(({ path }) => path.endsWith(':mutate'));
/** Bodies of mutates that write. */
const written = () => mutates().flatMap(({ body }) => (Object(body).validateOnly === true ? [] : [Object(body)]));
const ask = (budgetId: string, newDailyAmount: string | number, customerId = dollars) =>
  pack.ask('update_budget', { customerId, budgetId, newDailyAmount, reason: 'Season' });
const status = (campaignId: string, to: string) =>
  pack.ask('update_campaign_status', { customerId: dollars, campaignId, status: to, reason: 'Season' });
const agree = (operation: Operation) =>
  operation.countersign === 'same-person' ? pack.confirm(operation) : pack.approve(operation);
const impact = ({ plan }: Operation) => {
  const { monthly, percent } = plan.financialImpact ?? {};
  return { percent, monthly: monthly && amountOf(monthly) };
};
const live = async (budgetId: string) => {
  const { budgets } = await pack.call('list_budgets', { customerId: dollars });
  return Object(budgets).find((each: { budget_id: string }) => each.budget_id === budgetId)?.amount?.amount;
};
const stepsOnly = /^Advice: change budgets in steps/;
const ofAmounts = ({ plan }: Operation) => plan.warnings.filter((line) => /^(Advice|The budget|There is)/.test(line));

describe('update_budget', () => {
  it('100 to 150: step advice only, +1,520.00 a month, what was really spent beside it, and written once agreed', async () => {
    const before = written().length;
    const operation = await ask('1', '150');
    expect(impact(operation)).toEqual({ percent: 50, monthly: '1520.00' });
    expect(ofAmounts(operation)).toEqual([expect.stringMatching(stepsOnly)]);
    expect(operation.plan.financialImpact?.baseline?.perDay.micros).toBe('91200000');
    expect(operation).toMatchObject({
      status: 'awaiting-countersign',
      plan: { changes: [{ api: 'GoogleAds', accountId: dollars, before: { daily_amount: '100.00' } }] },
    });
    expect(written()).toHaveLength(before);
    expect(mutates().at(-1)?.body).toMatchObject({ validateOnly: true });
    expect(await agree(operation)).toMatchObject({ status: 'applied' });
    expect(written().slice(before)).toMatchObject([{ operations: [{ update: { amountMicros: '150000000' } }] }]);
  });

  it('100 to 600 is let through with a warning; 600.01 and 1,000 are blocked, maximum 600.00; the day then has no room for more', async () => {
    for (const amount of ['600.01', '1000'])
      await expect(ask('2', amount)).rejects.toMatchObject({
        code: 'safety_limit_exceeded',
        message: expect.stringContaining('maximum 600.00'),
        details: { maximum: '600.00', currency: 'USD' },
      });
    const operation = await ask('2', '600');
    expect(impact(operation)).toEqual({ percent: 500, monthly: '15200.00' });
    expect(ofAmounts(operation)).toHaveLength(2);
    expect(await agree(operation)).toMatchObject({ status: 'applied' });
    await expect(ask('2', '3600')).rejects.toMatchObject({ details: { limit: 'day', maximum: '600.00' } });
  });

  it('200 to 20 is let through with a warning, -5,472.00 a month; 19.99 is blocked', async () => {
    const operation = await ask('3', '20');
    expect(impact(operation)).toEqual({ percent: -90, monthly: '-5472.00' });
    expect(ofAmounts(operation)[0]).toContain('lowered by more than 50 %');
    expect(operation.countersign).toBe('second-person');
    await expect(ask('3', '19.99')).rejects.toMatchObject({ details: { limit: 'decrease', minimum: '20.00' } });
  });

  it('0 to 50 has no percent and wants the name typed; 0 to 0 is no amount; 4,000 to 12,000 is above the cap', async () => {
    const operation = await ask('4', '50');
    expect(impact(operation).percent).toBeNull();
    expect(operation.plan.typed).toEqual({ what: 'the name of the budget', text: 'Budget 4' });
    await expect(pack.approve(operation, '')).rejects.toMatchObject({ details: { field: 'typed' } });
    expect(await agree(operation)).toMatchObject({ status: 'applied' });
    await expect(ask('4', '0')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(ask('5', '12000')).rejects.toMatchObject({ details: { limit: 'budget-cap', maximum: '10000.00' } });
  });

  it.each([
    ...[
      '0',
      '-5',
      '12.345',
      '1e21',
      'a hundred',
      '',
      ' 8.2',
      '8,2',
      '1,000',
      '１２',
      '٣',
      '$5',
      '0x10',
      'NaN',
      '8.2.1',
    ],
    ...[0, -1, 12.345, 1e21, 0.1 + 0.2, Number.MAX_SAFE_INTEGER],
  ])('%j is no amount, and Google is sent none', async (amount) => {
    const before = mutates().length;
    await expect(ask('6', amount)).rejects.toMatchObject({
      code: expect.stringMatching(/^(invalid_input|safety_limit_exceeded)$/),
    });
    expect(mutates()).toHaveLength(before);
  });

  it.each([
    ['8.2', '8200000'],
    [20.1, '20100000'],
  ])('%j is sent as %s micros', async (amount, micros) => {
    const { plan } = await pack.ask('create_budget', {
      customerId: dollars,
      name: `At ${amount}`,
      dailyAmount: amount,
    });
    expect(plan.changes).toHaveLength(1);
    expect(mutates().at(-1)?.body).toMatchObject({ operations: [{ create: { amountMicros: micros } }] });
  });

  it('a slip of a digit and a currency without parts do not pass: amounts are of the account, with its own caps', async () => {
    await expect(ask('6', '8200')).rejects.toMatchObject({ details: { limit: 'increase' } });
    await expect(ask('60', '120', francs)).rejects.toMatchObject({ details: { limit: 'no-cap' } });
    const yenBudget = (dailyAmount: string) => pack.ask('create_budget', { customerId: yen, name: 'Tea', dailyAmount });
    await expect(yenBudget('5000.5')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(yenBudget('1500001')).rejects.toMatchObject({ details: { limit: 'budget-cap' } });
    await yenBudget('5000');
    expect(mutates().at(-1)?.body).toMatchObject({ operations: [{ create: { amountMicros: '5000000000' } }] });
    await pack.ask('create_budget', { customerId: euros, name: 'Tea', dailyAmountDollars: '12.34' });
    expect(mutates().at(-1)?.body).toMatchObject({ operations: [{ create: { amountMicros: '12340000' } }] });
    const cents = { customerId: euros, name: 'Coffee', dailyAmount: '12.345' };
    await expect(pack.ask('create_budget', cents)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('names every campaign that spends a shared budget, wants its name typed, and does not touch others than were seen', async () => {
    const operation = await ask('20', '210');
    expect(operation.plan.typed?.text).toBe('Seasonal, shared');
    expect(operation.plan.warnings.join(' ')).toMatch(/\(2\): Campaign 20 \(20, ENABLED\), Campaign 21 \(21, PAUSED\)/);
    await expect(pack.confirm(operation, 'seasonal, shared')).rejects.toMatchObject({ code: 'invalid_input' });
    await rig.ads.mutate(
      dollars,
      'campaigns',
      [
        {
          update: { resourceName: name('9', 'campaigns'), campaignBudget: name('20', 'campaignBudgets') },
          updateMask: 'campaignBudget',
        },
      ],
      {},
      rig.context,
    );
    const ended = await agree(operation);
    expect(ended).toMatchObject({ status: 'failed', result: { outcomes: [{ code: 'state_changed' }] } });
  });

  it('+20 % and 100 USD a day are confirmed by the requester, and a cent or a dollar more takes a second person', async () => {
    const levels = await Promise.all(['120', '120.01'].map((amount) => ask('7', amount)));
    expect(levels.map(({ countersign }) => countersign)).toEqual(['same-person', 'second-person']);
    expect((await ask('5', '4100')).countersign).toBe('same-person');
    expect((await ask('5', '4100.01')).countersign).toBe('second-person');
    const [own] = levels;
    if (own === undefined) throw new Error('no operation');
    expect(await pack.confirm(own)).toMatchObject({ status: 'applied' });
    expect((await ask('5', '4080')).countersign).toBe('same-person');
    expect((await ask('5', '4080.01')).countersign).toBe('second-person');
  });

  it.each([[['150']], [null], [true], [{ amount: '150' }]])(
    '%j is no amount, whatever its text would say',
    async (given) => {
      await expect(
        pack.ask('update_budget', { customerId: dollars, budgetId: '1', newDailyAmount: given, reason: 'Season' }),
      ).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('newDailyAmount') });
    },
  );

  it('an unknown budget is not found, before anything is asked of limits', async () => {
    await expect(ask('999', '1')).rejects.toMatchObject({ code: 'not_found', details: { google_code: 'NOT_FOUND' } });
  });

  it('a lost answer is read back and never sent again; what failed at Google gives its room back', async () => {
    const sent = () => written().length;
    const before = sent();
    const operation = await ask('8', '110');
    rig.google.fail(/campaignBudgets:mutate/, 'lost');
    expect(await agree(operation)).toMatchObject({ status: 'applied' });
    expect(sent() - before).toBe(1);
    const failing = await ask('8', '111');
    rig.google.fail(/campaignBudgets:mutate/, refused(503, 'UNAVAILABLE', 'Try later.'));
    expect(await agree(failing)).toMatchObject({ status: 'failed' });
    expect(sent() - before).toBe(2);
    expect(await live('8')).toBe('110.00');
  });

  it('is taken back once, with what the error cost, and not once somebody else changed it', async () => {
    const applied = await agree(await ask('10', '150'));
    const revert = await pack.revert(applied);
    const { financialReport: report } = revert.plan;
    expect(report && [amountOf(report.actual), amountOf(report.expected), amountOf(report.excess)]).toEqual([
      '160.00',
      '91.20',
      '68.80',
    ]);
    const day = dayOf(new Date(), zone);
    expect(String(moneySection(revert.plan, true))).toContain(
      `${day} to ${day}: $160.00 spent, $91.20 expected, excess $68.80 (+75.4%)`,
    );
    expect(await agree(revert)).toMatchObject({ status: 'applied' });
    expect(await live('10')).toBe('100.00');
    await expect(pack.revert(applied)).rejects.toMatchObject({ code: 'not_reversible' });

    const other = await agree(await ask('11', '150'));
    const toOther = {
      update: { resourceName: name('11', 'campaignBudgets'), amountMicros: '180000000' },
      updateMask: 'amountMicros',
    };
    await rig.ads.mutate(dollars, 'campaignBudgets', [toOther], {}, rig.context);
    await expect(pack.revert(other)).rejects.toMatchObject({
      code: 'state_changed',
      details: { drift: [expect.objectContaining({ by: 'demo@example.com', operation: 'UPDATE' }), expect.anything()] },
    });
    expect(await live('11')).toBe('180.00');
  });

  it('a cut that its requester confirmed alone takes a second person to take back, where the raise would; a small one does not', async () => {
    const cuts = await Promise.all([ask('15', '55'), ask('16', '90')]);
    expect(cuts.map(({ countersign }) => countersign)).toEqual(['same-person', 'same-person']);
    const reverts = [];
    for (const cut of cuts) reverts.push(await pack.revert(await agree(cut)));
    expect(reverts.map(({ countersign }) => countersign)).toEqual(['second-person', 'same-person']);
    for (const revert of reverts) expect(await agree(revert)).toMatchObject({ status: 'applied' });
    expect([await live('15'), await live('16')]).toEqual(['100.00', '100.00']);
  });

  it('a cut by 90 % is taken back although that is +900 %, and a third change of a day too', async () => {
    const cut = await agree(await ask('13', '10'));
    expect(await agree(await pack.revert(cut))).toMatchObject({ status: 'applied' });
    const third = await agree(await ask('13', '101'));
    await expect(ask('13', '102')).rejects.toMatchObject({ details: { limit: 'changes-per-day' } });
    expect(await agree(await pack.revert(third))).toMatchObject({ status: 'applied' });
  });
});

describe('update_campaign_status', () => {
  it('pauses with the requester’s confirmation and enables with a second person’s; both are taken back', async () => {
    const paused = await agree(await status('6', 'PAUSED'));
    expect(paused).toMatchObject({ status: 'applied', countersign: 'same-person' });
    expect(await status('6', 'ENABLED')).toMatchObject({ countersign: 'second-person' });
    expect(await agree(await pack.revert(paused))).toMatchObject({ status: 'applied' });
    // Its budget is spent by another campaign already.
    expect(await status('22', 'ENABLED')).toMatchObject({ countersign: 'same-person' });
    await expect(status('6', 'ENABLED')).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('removes for good: a second person types the name, and nothing takes it back', async () => {
    const operation = await status('9', 'REMOVED');
    expect(operation).toMatchObject({
      countersign: 'second-person',
      plan: { typed: { text: 'Campaign 9' }, reversible: { possible: false } },
    });
    await expect(pack.approve(operation, 'campaign 9')).rejects.toMatchObject({ code: 'invalid_input' });
    const removed = await agree(operation);
    expect(removed).toMatchObject({ status: 'applied' });
    expect(written().at(-1)).toMatchObject({ operations: [{ remove: name('9', 'campaigns') }] });
    await expect(pack.revert(removed)).rejects.toMatchObject({ code: 'not_reversible' });
    await expect(status('9', 'ENABLED')).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('enabling counts against the caps', async () => {
    const above = {
      update: { resourceName: name('5', 'campaignBudgets'), amountMicros: '10000010000' },
      updateMask: 'amountMicros',
    };
    await agree(await status('5', 'PAUSED'));
    await rig.ads.mutate(dollars, 'campaignBudgets', [above], {}, rig.context);
    await expect(status('5', 'ENABLED')).rejects.toMatchObject({ details: { limit: 'budget-cap' } });
  });
});

describe('create_budget', () => {
  it('is made unshared after a second person agreed, and removed when it is taken back', async () => {
    const given = { customerId: euros, name: 'Autumn', dailyAmount: '40' };
    const made = await agree(await pack.ask('create_budget', given));
    expect(made).toMatchObject({ status: 'applied', countersign: 'second-person' });
    expect(written().at(-1)).toMatchObject({ operations: [{ create: { name: 'Autumn', explicitlyShared: false } }] });
    await expect(pack.ask('create_budget', given)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await agree(await pack.revert(made))).toMatchObject({ status: 'applied' });
    const { total } = await pack.call('list_budgets', { customerId: euros });
    expect(total).toBe(0);
  });

  it('six at once of 10,000: the cap of the account has room for five', async () => {
    const asked = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((one) =>
        pack.ask('create_budget', { customerId: euros, name: one, dailyAmount: '10000' }),
      ),
    );
    const ended = await Promise.all(asked.map(agree));
    expect(ended.filter((each) => each.status === 'applied')).toHaveLength(5);
    expect(ended.find((each) => each.status === 'failed')?.result?.outcomes).toMatchObject([
      { code: 'safety_limit_exceeded' },
    ]);
  });
});

describe('the page of budgets', () => {
  const wordsOf = async (...asked: Parameters<OnePack['show']>) => {
    const { main } = await pack.show(...asked);
    return text(parseMarkup(main.toString())).replace(/\s+/g, ' ');
  };

  it('shows what was written and taken back, of accounts of its reader only, with who asked and who agreed', async () => {
    const applied = await agree(await ask('14', '150'));
    await ask('14', '151');
    const reverted = await agree(await pack.revert(applied));
    const { main } = await pack.show('/budgets');
    const page = await wordsOf('/budgets');
    const [, part = ''] = /Budget 14\.(.*?)(?:Budget \d+\.|$)/.exec(page) ?? [];
    expect(part).toContain('2 changes: $100.00 a day before');
    expect(part).toMatch(/\$150\.00\$100\.00−33\.3%takes an earlier change backana/);
    expect(part).toMatch(/\$100\.00\$150\.00\+50\.0%taken back lateranaben/);
    expect(part).not.toContain('$151.00');
    expect(part).toContain('Changed 2 of 3 times today.');
    for (const { operationId } of [applied, reverted]) expect(main.toString()).toContain(operationHref(operationId));
    expect(page).toContain('$10,000.00 for one budget, $50,000.00 for all together');
  });

  it('shows nothing of them to somebody for whom no account is approved, and says what to do', async () => {
    const page = await wordsOf('/budgets', {}, 'approver');
    expect(page).toContain('No Google Ads account is approved for you.Ask for access to one');
    expect(page).not.toContain('Budget 1');
  });
});
