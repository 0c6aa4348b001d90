import {
  appliedProps,
  attacks,
  consentProps,
  frame,
  hostileProps,
  now,
  operation,
  record,
  revertedProps,
  revertId,
  waitingProps,
} from '../../test/browser/fixtures.ts';
import { pages } from '../../test/browser/serve.ts';
import { all, type Element, elements, parseMarkup, text } from '../../test/rigs/markup.ts';
import { ofMicros } from '../measures/money.ts';
import { visible } from './html.ts';
import { consentPage, homePage, operationPage, operationsPage, signInPage } from './index.ts';
import type { ChangesQuery, OperationProps } from './props.ts';

const words = (element: Element | undefined): string => (element ? text(element).replace(/\s+/g, ' ') : '');
const levels = (root: Element): number[] =>
  elements(root).flatMap(({ tag }) => (/^h[1-6]$/.test(tag) ? [Number(tag[1])] : []));

describe.each(Object.entries(pages))('the page %s', (_name, render) => {
  const document = parseMarkup(render());

  it('holds nothing that could run or load', () => {
    const forbidden = ['script', 'style', 'img', 'iframe', 'object', 'embed', 'base'];
    expect(elements(document).filter(({ tag }) => forbidden.includes(tag))).toEqual([]);
    const attributes = elements(document).flatMap((element) => Object.entries(element.attributes));
    expect(attributes.filter(([name]) => /^on|^style$/i.test(name))).toEqual([]);
    const links = attributes.filter(([name]) => ['href', 'src', 'action'].includes(name)).map(([, value]) => value);
    expect(links.filter((link) => !/^[/#](?!\/)/.test(link))).toEqual([]);
  });

  it('can be found around without seeing it', () => {
    expect(['header', 'main', 'footer'].map((tag) => all(document, tag).length)).toEqual([1, 1, 1]);
    expect(all(document, 'a', { class: 'skip', href: '#main' })).toHaveLength(1);
    expect(all(document, 'html', { lang: 'en' })).toHaveLength(1);
    const found = levels(document);
    expect(found.filter((level) => level === 1)).toEqual([1]);
    expect(found.filter((level, index) => level > (found[index - 1] ?? 0) + 1)).toEqual([]);
    for (const table of all(document, 'table')) expect(all(table, 'caption')).toHaveLength(1);
    for (const cell of all(document, 'th')) expect(['row', 'col']).toContain(cell.attributes.scope);
  });

  it('names every id once, and refers to ids that are there', () => {
    const all = elements(document).map((element) => element.attributes);
    const ids = all.flatMap(({ id }) => (id === undefined ? [] : [id]));
    expect(new Set(ids).size).toBe(ids.length);
    const references = all.flatMap((attributes) => [
      ...(attributes.for === undefined ? [] : [attributes.for]),
      ...(attributes['aria-labelledby'] ?? '').split(' '),
      ...(attributes['aria-describedby'] ?? '').split(' '),
      ...(attributes.href?.startsWith('#') ? [attributes.href.slice(1)] : []),
    ]);
    expect(references.filter((id) => id !== '' && !ids.includes(id))).toEqual([]);
  });

  it('sends the session’s token with every form, but for a search', () => {
    for (const form of all(document, 'form')) {
      const isSearch = form.attributes.role === 'search';
      expect(form.attributes.method).toBe(isSearch ? 'get' : 'post');
      if (!isSearch) expect(all(form, 'input', { type: 'hidden', name: 'csrf', value: frame.csrf })).toHaveLength(1);
    }
  });
});

describe('what a value does to the approval page', () => {
  const page = operationPage(hostileProps());
  const document = parseMarkup(page);

  it.each(Object.entries(attacks))('shows %s whole, as text', (_name, attack) => {
    expect(text(document)).toContain(visible(attack));
  });

  it('keeps the typed comment as it was typed', () => {
    expect(text(all(document, 'textarea')[0] ?? document)).toBe(`\n</textarea>${attacks.script}\nsecond line`);
  });

  it('holds no character that hides or reorders', () => {
    expect(page).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B-\u200F\u{E0000}-\u{E007F}]/u);
  });
});

describe('the approval page', () => {
  const document = parseMarkup(operationPage(waitingProps()));

  it('says for whom, why, at what price, until when, and whether it can be undone', () => {
    const about = words(all(document, 'section', { 'aria-labelledby': 'about' })[0]);
    for (const part of [
      'Ada Okafor',
      'https://claude.ai/oauth/client.json',
      'Finance closes the quarter',
      '17 resources in 3 accounts, 3 regions',
      '6 API calls, free of charge',
      '23 Nov 2026, 21:12 UTC, in 2 days 23 hours',
      'Yes. What was there before',
    ])
      expect(about).toContain(part);
  });

  it('shows each resource before and after, with only the touched keys, and the rest folded', () => {
    const first = all(document, 'li', { class: 'resource panel' }).find(
      (item) => words(all(item, 'h3')[0]) === 'checkout-worker-1',
    );
    expect(first).toBeDefined();
    const rows = all(first ?? document, 'tr').map((row) => [row.attributes.class, words(row)]);
    expect(rows.slice(1)).toEqual([
      ['same', 'CostCenter Same41004100'],
      ['added', 'Owner Addednot setpayments@example.com'],
    ]);
    const [folded] = all(first ?? document, 'details');
    expect(folded?.attributes.open).toBeUndefined();
    expect(words(folded)).toContain('3 other values stay as they are');
    expect(words(folded)).toContain('aws:autoscaling:groupName');
  });

  it('binds the answer to the plan that was shown, and shows the hash in short', () => {
    const { approvalHash, operationId } = waitingProps().operation;
    const [form] = all(document, 'form', { action: `/approvals/${operationId}` });
    expect(all(form ?? document, 'input', { name: 'approval_hash', value: approvalHash })).toHaveLength(1);
    expect(words(form)).toContain('3fa9 c01b e77d');
    expect(all(form ?? document, 'button').map(({ attributes }) => attributes.value)).toEqual(['approve', 'deny']);
  });

  it('says why there is no form where there is none, and what to do', () => {
    const because = 'You signed in a while ago.';
    const remedy = { href: '/sign-in?again=1', label: 'Sign in again' };
    const other = parseMarkup(operationPage({ ...waitingProps(), decision: { may: false, because, remedy } }));
    expect(all(other, 'textarea')).toEqual([]);
    expect(words(all(other, 'section', { 'aria-labelledby': 'decide' })[0])).toContain(because);
    expect(all(other, 'a', { href: remedy.href })).toHaveLength(1);
  });

  it('leads from the error to the field, and tells the field', () => {
    const draft = { problem: 'comment: say why.', comment: '' };
    const other = parseMarkup(operationPage({ ...waitingProps(), draft }));
    expect(all(other, 'a', { href: '#comment' }).map(words)).toEqual([draft.problem]);
    const [field] = all(other, 'textarea', { 'aria-invalid': 'true' });
    expect(field?.attributes['aria-describedby']).toContain('comment-problem');
  });

  it('shows five hundred resources a page at a time, those that fail first, and leaves none out', () => {
    const seen = Array.from({ length: 20 }, (_, index) => index * 25).flatMap((from) => {
      const part = parseMarkup(operationPage({ ...waitingProps(500), changes: { from } }));
      return all(part, 'li', { class: 'resource panel' }).map((item) => words(all(item, 'h3')[0]));
    });
    expect(seen[0]).toBe('checkout-worker-2');
    expect(new Set(seen)).toEqual(new Set(Array.from({ length: 500 }, (_, index) => `checkout-worker-${index + 1}`)));
    const [next] = all(parseMarkup(operationPage(waitingProps(500))), 'a', { rel: 'next' });
    expect(next?.attributes.href).toBe(`/operations/${waitingProps().operation.operationId}?from=25#changes`);
  });

  it.each([{}, { group: 'lost' }, { group: 'account', from: 450 }, { q: 'checkout', only: 'loses' }] as const)(
    'stays under 120 kB with five hundred resources: %j',
    (changes) => {
      expect(operationPage({ ...waitingProps(500), changes }).length).toBeLessThan(120_000);
    },
  );

  it('groups resources, leads to each group, and cuts them down by what is asked for', () => {
    const at = (changes: ChangesQuery) => parseMarkup(operationPage({ ...waitingProps(500), changes }));
    const headings = (part: ReturnType<typeof at>) => all(part, 'h3').map(words);
    const groups = all(at({ group: 'lost' }), 'a', { class: 'choose' });
    expect(groups.map(words)).toEqual(['No value is lost (375)', 'Owner: nobody@example.com (125)']);
    expect(groups[1]?.attributes.href).toContain('?group=lost&from=375#changes');
    expect(headings(at({ group: 'lost', from: 370 }))).toEqual([
      'No value is lost (375)',
      'Owner: nobody@example.com (125)',
    ]);
    expect(headings(at({ only: 'fails' }))).toEqual(['checkout-worker-2']);
    expect(headings(at({ q: 'worker-77 production' }))).toEqual([]);
    expect(headings(at({ q: 'checkout-worker-500 444455556666' }))).toEqual(['checkout-worker-500']);
    expect(headings(at({ from: 99_999 }))).toHaveLength(1);
  });
});

describe('an operation that is over', () => {
  const about = (page: string) => words(all(parseMarkup(page), 'section', { 'aria-labelledby': 'about' })[0]);
  const timeline = (page: string) => words(all(parseMarkup(page), 'ol', { class: 'timeline' })[0]);
  const impact = (page: string) => words(all(parseMarkup(page), 'section', { 'aria-labelledby': 'impact' })[0]);

  it('tells before and after, while one that waits tells now and after', () => {
    expect(impact(operationPage(waitingProps()))).toContain('MeasureNowAfter');
    expect(impact(operationPage(appliedProps()))).toContain('MeasureBeforeAfter');
  });

  it('can be reverted once: then it says by what it was', () => {
    expect(about(operationPage(appliedProps()))).toContain('Can be revertedYes.');
    const reverted = about(operationPage(revertedProps()));
    expect(reverted).toContain(`Can be revertedIt was reverted by ${revertId}.`);
  });

  it.each(['withdrawn', 'denied', 'expired', 'failed'] as const)('%s has nothing to revert', (status) => {
    const props = waitingProps();
    const page = operationPage({ ...props, operation: { ...props.operation, status } });
    expect(about(page)).toContain('There is nothing to revert');
  });

  it('was withdrawn by its requester, and denied by others', () => {
    const props = waitingProps();
    const { requester } = props.operation;
    const deny = { action: 'deny', result: 'success', sequence: 2 } as const;
    const page = (userId: string) =>
      operationPage({ ...props, decision: { may: false, because: 'over' }, history: [record({ ...deny, userId })] });
    expect(timeline(page(requester.personId))).toContain('Withdrawn · ');
    expect(timeline(page('somebody-else'))).toContain('Denied · ');
  });

  it('leaves out of its history an answer that was never given, and keeps one that was refused', () => {
    const denied = { action: 'deny', result: 'blocked', userId: 'ben' } as const;
    const history = [
      record({ ...denied, sequence: 1, errorCode: 'invalid_input', errorMessage: 'comment: say why' }),
      record({ ...denied, sequence: 2, errorCode: 'access_denied', errorMessage: 'Not yours.' }),
      record({ action: 'write', sequence: 3, origin: 'upkeep' }),
    ];
    const told = timeline(operationPage({ ...appliedProps(), history }));
    expect(told).not.toContain('say why');
    expect(told).toContain('Denying was refused');
    expect(told).toContain('by the service itself');
  });

  it('says who was told on one line each, and what it means in money', () => {
    const sent = {
      action: 'write',
      result: 'success',
      tool: 'notices',
      parameters: { notice: 'operation.applied' },
    } as const;
    const money = (micros: string) => ofMicros(micros, 'EUR');
    const props = appliedProps();
    const { operation } = props;
    const financialImpact = {
      before: money('100000000'),
      after: money('150000000'),
      per: 'day',
      monthly: money('1520000000'),
      percent: 50,
    } as const;
    const financialReport = {
      from: '2026-11-10',
      to: '2026-11-13',
      actual: money('640000000'),
      expected: money('364800000'),
      excess: money('275200000'),
      percent: 75.4,
    };
    const page = operationPage({
      ...props,
      operation: { ...operation, plan: { ...operation.plan, financialImpact, financialReport } },
      accountNames: new Map([[operation.plan.changes[0]?.accountId ?? '', 'The shop']]),
      history: [
        record({ ...sent, sequence: 1, notificationsSent: [`mail ${operation.requester.personId}`] }),
        record({ ...sent, sequence: 2, notificationsSent: ['slack #leads'] }),
        record({ ...sent, sequence: 3, result: 'failure', errorMessage: 'teams #all: it answered 400' }),
      ],
    });
    expect(timeline(page)).toContain(`Told · mail to ${operation.requester.name}, slack to #leads`);
    expect(timeline(page)).toContain('Telling failed');
    const whole = words(parseMarkup(page));
    expect(whole).toContain('€100.00 a day now, €150.00 then (+50.0%): +€1,520.00 a month');
    expect(whole).toContain('2026-11-10 to 2026-11-13: €640.00 spent, €364.80 expected, excess €275.20 (+75.4%)');
    expect(whole).toContain('(The shop)');
  });

  it('is looked at again by itself while it is applied, which can be stopped', () => {
    const props = appliedProps();
    const { operationId } = props.operation;
    const applying = { ...props, operation: { ...props.operation, status: 'applying' as const } };
    const followed = parseMarkup(operationPage({ ...applying, follow: 2 }));
    expect(all(followed, 'meta', { 'http-equiv': 'refresh', content: '2' })).toHaveLength(1);
    expect(all(followed, 'a', { href: `/operations/${operationId}?follow=0` })).toHaveLength(1);
    const still = parseMarkup(operationPage(applying));
    expect(all(still, 'meta', { 'http-equiv': 'refresh' })).toEqual([]);
    expect(all(still, 'a', { href: `/operations/${operationId}` }).map(words)).toContain('Look again');
  });
});

describe('the operation page', () => {
  const document = parseMarkup(operationPage(appliedProps()));

  it('shows what came of each resource, who agreed and with which words', () => {
    const outcomes = all(document, 'p', { class: 'outcome' }).map(words);
    expect(outcomes[1]).toBe('✓ Applied');
    expect(outcomes[0]).toBe('✕ Failed IncorrectInstanceState The instance is being terminated.');
    const timeline = words(all(document, 'ol', { class: 'timeline' })[0]);
    expect(timeline).toContain('Countersigned · Ben Castillo');
    expect(timeline).toContain('Checked with payments.');
    expect(timeline).toContain('Applied in part');
  });

  it('names the client by its host, and its name as its own claim', () => {
    const about = words(all(document, 'section', { 'aria-labelledby': 'about' })[0]);
    expect(about).toContain('Throughclaude.aicalls itself “Claude”');
  });

  it('names clients in the timeline as elsewhere, and by their host where the id is an address', () => {
    const { history, ...props } = appliedProps();
    const [planned] = history;
    if (!planned) throw new Error('the fixture has no history');
    const ofBen = { ...planned, clientId: 'https://agents.example.com/client.json' };
    const other = parseMarkup(operationPage({ ...props, history: [planned, ofBen] }));
    const lines = all(all(other, 'ol', { class: 'timeline' })[0] ?? other, 'li').map(words);
    expect(lines[0]).toContain('through claude.ai (calls itself “Claude”)');
    expect(lines[1]).toContain('through agents.example.com ·');
  });

  it('ends the timeline of what was reverted with its revert, whose plan leads back', () => {
    const timeline = (props: OperationProps) =>
      all(parseMarkup(operationPage(props)), 'ol', { class: 'timeline' })[0] ?? document;
    const last = all(timeline(revertedProps()), 'li').at(-1) ?? document;
    expect(words(last)).toContain('Reverted · by');
    expect(all(last, 'a', { href: `/operations/${revertId}` })).toHaveLength(1);
    const revert = { ...operation(1), operationId: revertId, reverts: operation(1).operationId };
    const back = all(timeline({ ...waitingProps(), operation: revert }), 'a');
    expect(back.map(({ attributes }) => attributes.href)).toEqual([`/operations/${operation(1).operationId}`]);
  });

  it('offers to plan the way back to whoever may, and tells others why not', () => {
    expect(all(document, 'textarea')).toEqual([]);
    const own = parseMarkup(operationPage({ ...appliedProps(), undo: { may: true } }));
    const action = `/operations/${operation(1).operationId}/revert`;
    expect(all(own, 'form', { method: 'post', action })).toHaveLength(1);
    const because = 'Planning it needs the scope tag:write.';
    const other = parseMarkup(operationPage({ ...appliedProps(), undo: { may: false, because } }));
    expect([words(other).includes(because), all(other, 'form', { action })]).toEqual([true, []]);
  });
});

describe('the consent page', () => {
  const ticked = (html: string) =>
    all(parseMarkup(html), 'input', { type: 'checkbox' })
      .filter(({ attributes }) => 'checked' in attributes)
      .map(({ attributes }) => attributes.value);

  it('leaves what is more than reading unticked, unless it alone is asked for', () => {
    expect(ticked(consentPage(consentProps))).toEqual(['tag:read']);
    expect(ticked(consentPage({ ...consentProps, scopes: consentProps.scopes.slice(1) }))).toEqual(['tag:write']);
  });

  it('says where exactly the answer goes, whose document it is, how long it stays and how long more lasts', () => {
    const page = (props: Partial<typeof consentProps>) =>
      words(parseMarkup(consentPage({ ...consentProps, ...props })));
    expect(page({ documentHost: 'claude.ai' })).toMatch(
      /Your answer goes to ?http:\/\/127\.0\.0\.1:33418\/callback ?Its maker’s document is at ?claude\.ai ?It stays connected ?for 30 days, without asking you again, unless you disconnect it under Apps/,
    );
    expect(page({})).toContain('For 15 minutes');
    const { days: _days, ...brief } = consentProps;
    expect(words(parseMarkup(consentPage(brief)))).toContain('until its token ends');
  });

  it('asks about the host, not the name', () => {
    const document = parseMarkup(
      consentPage({ ...consentProps, client: { ...consentProps.client, name: 'Your Bank' } }),
    );
    expect(words(all(document, 'h1')[0])).toBe('Allow claude.ai to act for you?');
  });

  it('offers nothing to allow when nothing may be', () => {
    const document = parseMarkup(consentPage({ ...consentProps, scopes: [] }));
    expect(all(document, 'button', { name: 'decision' }).map(({ attributes }) => attributes.value)).toEqual(['deny']);
  });
});

describe('other pages', () => {
  it('lists one’s own operations as one’s own', () => {
    const mine = operation(1, { requester: { ...operation(1).requester, personId: 'demo|ben' } });
    const page = operationsPage({
      ...frame,
      lists: [{ heading: 'h', empty: '', operations: [mine, operation(2)] }],
      now,
    });
    expect(all(parseMarkup(page), 'li', { class: 'item panel' }).map((item) => words(item).includes('You ·'))).toEqual([
      true,
      false,
    ]);
  });

  it.each([
    [false, 'through an agent of their own'],
    [true, 'Agents cannot.'],
  ])('says whether agents may approve, when APPROVE_ON_PAGE_ONLY is %s', (approveOnPageOnly, said) => {
    const home = { ...frame, mcpUrl: 'https://mcp.example.com/mcp', version: '1', tools: 1, packs: [], cards: [] };
    expect(words(parseMarkup(homePage({ ...home, approveOnPageOnly })))).toContain(said);
  });

  it('says at the sign-in which app asks', () => {
    const asks = { name: attacks.script, clientId: 'x', host: 'claude.ai' };
    const page = signInPage({ ...frame, people: [], returnTo: '/', again: false, asks });
    expect(words(parseMarkup(page))).toContain(`claude.ai asks for access. It calls itself “${attacks.script}”.`);
    expect(all(parseMarkup(page), 'script')).toEqual([]);
  });

  it('keeps where to go through the sign-in', () => {
    const returnTo = '/approvals/op_1?x="><script>';
    const page = signInPage({ ...frame, people: [], returnTo, again: true });
    expect(all(parseMarkup(page), 'input', { name: 'return_to', value: returnTo })).toHaveLength(1);
  });
});
