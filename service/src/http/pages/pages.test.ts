import { all, parseMarkup, text } from '../../../test/rigs/markup.ts';
import { browser, openPages } from '../../../test/rigs/pages.ts';
import { ana, everyone, max, person, type Rig } from '../../../test/rigs/pipeline.ts';
import { stylesheet } from '../../web/assets.ts';

const ask = (rig: Rig, caller = ana) =>
  rig.pipeline.submit(rig.steps, { input: { colour: 'blue', things: ['a', 'b'] } }, rig.context(caller));
const read = (body: string): string => text(parseMarkup(body)).replace(/\s+/g, ' ');
const buttons = (body: string) =>
  all(parseMarkup(body), 'button', { name: 'decision' }).map(({ attributes }) => attributes.value);

describe('every page', () => {
  it.each(['/approvals', '/operations', '/apps', '/approvals/op_1', '/operations/op_1?from=200'])(
    '%s sends strangers to sign in and come back',
    async (url) => {
      const { app } = await openPages();
      const answer = await app.inject({ url, headers: browser });
      expect([answer.statusCode, answer.headers.location]).toEqual([
        303,
        `/sign-in?return_to=${encodeURIComponent(url)}`,
      ]);
    },
  );

  it.each(['/', '/approvals', '/nowhere'])(
    '%s may run nothing, be framed by nobody and be kept nowhere',
    async (url) => {
      const { browse } = await openPages();
      const { headers } = await (await browse('ben', ['approver'])).get(url);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
    },
  );

  it('is a page also when it is an error, and JSON for those who did not ask for a page', async () => {
    const { app, browse } = await openPages();
    const ben = await browse('ben', ['approver']);
    const missing = await ben.get('/operations/op_missing');
    expect(missing.statusCode).toBe(404);
    expect(read(missing.body)).toContain('There is no operation at this address.');
    expect((await app.inject('/nowhere')).json()).toMatchObject({ error: { code: 'not_found' } });
  });

  it('tells a person without a role to get one', async () => {
    const { browse } = await openPages();
    const answer = await (await browse('eve', [])).get('/approvals');
    expect(answer.statusCode).toBe(403);
    expect(read(answer.body)).toContain('Ask an administrator');
  });

  it('serves the stylesheet to be kept for ever under the address of its content only', async () => {
    const { app } = await openPages();
    const [hashed, plain] = [await app.inject(stylesheet.href), await app.inject(stylesheet.path)];
    expect(hashed.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/css; charset=utf-8',
    });
    expect(plain.headers['cache-control']).toBe('no-cache');
  });
});

describe('an answer on the page', () => {
  it('is applied, and then shown with what came of it', async () => {
    const { rig, browse } = await openPages();
    const { operationId, approvalHash } = await ask(rig);
    const ben = await browse('ben', ['approver']);
    expect(read((await ben.get('/approvals')).body)).toContain('Paint 2 things blue');
    const url = `/approvals/${operationId}`;
    expect(buttons((await ben.get(url)).body)).toEqual(['approve', 'deny']);
    const answer = await ben.post(url, { decision: 'approve', comment: 'Fine.', approval_hash: approvalHash });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/operations/${operationId}?answered=1`]);
    expect(Object.fromEntries(rig.shelf.colours)).toEqual({ a: 'blue', b: 'blue', c: 'red' });
    const after = read((await ben.get(answer.headers.location ?? '')).body);
    expect(after).toContain('You approved this. 2 of 2 resources were changed.');
    expect((await rig.pipeline.seenBy(everyone).get(operationId))?.approvals).toMatchObject([
      { via: 'page', comment: 'Fine.' },
    ]);
    const [, approved, , written] = rig.events;
    const place = { ipAddress: '127.0.0.1', userAgent: 'lightMyRequest' };
    expect([approved, written]).toEqual([expect.objectContaining(place), expect.objectContaining(place)]);
  });

  it('is answered at once while the upstream hangs, and its page follows by itself', async () => {
    const { rig, browse } = await openPages();
    const gate = Promise.withResolvers<void>();
    const { read: readShelf } = rig.steps;
    rig.steps.read = async (...asked) => {
      await gate.promise;
      return readShelf(...asked);
    };
    const { operationId, approvalHash } = await ask(rig);
    const ben = await browse('ben', ['approver']);
    const began = performance.now();
    const answer = await ben.post(`/approvals/${operationId}`, { decision: 'approve', approval_hash: approvalHash });
    expect(answer.statusCode).toBe(303);
    expect(performance.now() - began).toBeLessThan(1000);
    const waiting = (await ben.get(answer.headers.location ?? '')).body;
    expect(read(waiting)).toContain('You approved this. It is being applied.');
    expect(waiting).toContain('<meta http-equiv="refresh" content="2">');
    expect(waiting).toContain(`/operations/${operationId}?follow=0`);
    gate.resolve();
    const after = (await ben.get(answer.headers.location ?? '')).body;
    expect(read(after)).toContain('2 of 2 resources were changed.');
    expect(after).not.toContain('http-equiv');
  });

  it('must say why it denies; what was missing is told beside what was typed', async () => {
    const { rig, browse } = await openPages();
    const { operationId, approvalHash } = await ask(rig);
    const ben = await browse('ben', ['approver']);
    const url = `/approvals/${operationId}`;
    const refused = await ben.post(url, { decision: 'deny', comment: '  ', approval_hash: approvalHash });
    expect(refused.statusCode).toBe(400);
    expect(read(refused.body)).toContain('say why you deny the change');
    await ben.post(url, { decision: 'deny', comment: 'Wrong\r\ncolour', approval_hash: approvalHash });
    expect(await rig.pipeline.seenBy(everyone).get(operationId)).toMatchObject({
      status: 'denied',
      note: 'Wrong\r\ncolour',
    });
    expect(rig.shelf.writes).toEqual([]);
  });

  it('is taken where what the plan asks for was typed; what was typed wrongly is told beside it and kept', async () => {
    const { rig, browse } = await openPages();
    const typed = { what: 'the name of the budget', text: 'Brand <b>  Q4' };
    const { plan } = rig.steps;
    rig.steps.plan = async (...asked) => ({ ...(await plan(...asked)), typed });
    const { operationId, approvalHash } = await ask(rig);
    const ben = await browse('ben', ['approver']);
    const url = `/approvals/${operationId}`;
    expect(read((await ben.get(url)).body)).toContain('Type the name of the budget to agree');
    const answer = { decision: 'approve', comment: 'Fine.', approval_hash: approvalHash };
    const refused = await ben.post(url, { ...answer, typed: 'Brand' });
    expect(refused.statusCode).toBe(400);
    const page = parseMarkup(refused.body);
    expect(all(page, 'a', { href: '#typed' })).toHaveLength(1);
    expect(all(page, 'input', { name: 'typed', value: 'Brand', 'aria-invalid': 'true' })).toHaveLength(1);
    expect(all(page, 'code').map(text)).toContain(typed.text);
    expect(rig.shelf.writes).toEqual([]);
    expect((await ben.post(url, { ...answer, typed: typed.text })).statusCode).toBe(303);
    expect((await rig.pipeline.seenBy(everyone).get(operationId))?.approvals).toMatchObject([{ via: 'page' }]);
  });

  it.each([
    ['without the session’s token', { csrf: '' }, 403],
    ['for another plan', { approval_hash: 'f'.repeat(64) }, 409],
    ['that is no answer', { decision: 'maybe' }, 400],
    ['of endless words', { comment: 'x'.repeat(5000) }, 400],
  ])('is refused %s, and nothing happens', async (_name, wrong, status) => {
    const { rig, browse } = await openPages();
    const { operationId, approvalHash } = await ask(rig);
    const ben = await browse('ben', ['approver']);
    const fields = { decision: 'approve', comment: '', approval_hash: approvalHash, ...wrong };
    expect((await ben.post(`/approvals/${operationId}`, fields)).statusCode).toBe(status);
    expect((await rig.pipeline.seenBy(everyone).get(operationId))?.status).toBe('awaiting-countersign');
    expect(rig.shelf.writes).toEqual([]);
  });

  it('is not the requester’s to give; they may only withdraw', async () => {
    const { rig, browse } = await openPages();
    const { operationId, approvalHash } = await ask(rig, max);
    const own = await browse('max', ['analyst', 'approver']);
    const url = `/approvals/${operationId}`;
    expect(buttons((await own.get(url)).body)).toEqual(['deny']);
    const refused = await own.post(url, { decision: 'approve', approval_hash: approvalHash });
    expect(refused.statusCode).toBe(403);
    expect(read(refused.body)).toContain('Ask another approver.');
    await own.post(url, { decision: 'deny', approval_hash: approvalHash });
    expect((await rig.pipeline.seenBy(everyone).get(operationId))?.status).toBe('withdrawn');
  });

  it('is not a viewer’s to give, and the page says why', async () => {
    const { rig, browse } = await openPages();
    const { operationId } = await ask(rig);
    const page = await (await browse('vera', ['viewer'])).get(`/approvals/${operationId}`);
    expect(buttons(page.body)).toEqual([]);
    expect(read(page.body)).toContain('needs the scope tag:approve');
  });

  it('agrees only soon after a sign-in', async () => {
    const { rig, browse } = await openPages();
    const { operationId, approvalHash } = await ask(rig);
    const url = `/approvals/${operationId}`;
    const late = await browse('ben', ['approver'], 901);
    const signIn = `/sign-in?again=1&return_to=${encodeURIComponent(url)}`;
    const page = await late.get(url);
    expect(buttons(page.body)).toEqual([]);
    expect(all(parseMarkup(page.body), 'a', { href: signIn })).toHaveLength(1);
    const answer = await late.post(url, { decision: 'approve', approval_hash: approvalHash });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, signIn]);
    expect(rig.shelf.writes).toEqual([]);
    const inTime = await browse('ben', ['approver'], 900);
    expect((await inTime.post(url, { decision: 'approve', approval_hash: approvalHash })).statusCode).toBe(303);
    expect(rig.shelf.writes).toHaveLength(2);
  });

  it('takes a sign-in that proves nothing for none, on the page and in the form', async () => {
    const { rig, browse } = await openPages();
    const { operationId, approvalHash } = await ask(rig);
    const url = `/approvals/${operationId}`;
    const unproven = await browse('ben', ['approver'], rig.world.now.getTime() / 1000);
    expect(buttons((await unproven.get(url)).body)).toEqual([]);
    const answer = await unproven.post(url, { decision: 'approve', approval_hash: approvalHash });
    expect(answer.headers.location).toBe(`/sign-in?again=1&return_to=${encodeURIComponent(url)}`);
    expect((await rig.pipeline.seenBy(everyone).get(operationId))?.status).toBe('awaiting-countersign');
  });

  it('confirms one’s own where that is what is waited for', async () => {
    const { rig, browse } = await openPages();
    rig.world.countersign = 'same-person';
    const { operationId, approvalHash } = await ask(rig);
    const own = await browse('ana', ['analyst']);
    expect(buttons((await own.get(`/approvals/${operationId}`)).body)).toEqual(['confirm', 'deny']);
    await own.post(`/approvals/${operationId}`, { decision: 'confirm', approval_hash: approvalHash });
    expect(rig.shelf.writes).toHaveLength(2);
  });

  it('comes too late once it is decided or expired, and the page says so', async () => {
    const { rig, browse } = await openPages();
    const { operationId, approvalHash } = await ask(rig);
    rig.world.now = new Date('2026-11-23T10:00:01.000Z');
    const ben = await browse('ben', ['approver']);
    expect(read((await ben.get(`/approvals/${operationId}`)).body)).toContain('Its time is over');
    const answer = await ben.post(`/approvals/${operationId}`, { decision: 'approve', approval_hash: approvalHash });
    expect(answer.statusCode).toBe(409);
    expect(read(answer.body)).toContain('Ask for the change again.');
  });

  it('is for the new plan when the policy moved', async () => {
    const { rig, browse } = await openPages();
    const { operationId, approvalHash } = await ask(rig);
    rig.world.policy = 'v2';
    const ben = await browse('ben', ['approver']);
    const answer = await ben.post(`/approvals/${operationId}`, { decision: 'approve', approval_hash: approvalHash });
    expect(answer.statusCode).toBe(409);
    const next = await rig.pipeline.seenBy(everyone).get(operationId);
    expect(next?.approvalHash).not.toBe(approvalHash);
    expect(
      all(parseMarkup(answer.body), 'input', { name: 'approval_hash', value: next?.approvalHash ?? '' }),
    ).toHaveLength(1);
  });
});

describe('a comment that was typed before the sign-in grew too old', () => {
  const typed = (body: string) => text(all(parseMarkup(body), 'textarea')[0] ?? parseMarkup('')).trim();
  const comment = 'Agreed with the platform team.\r\nSecond line, <b>.';
  const shown = 'Agreed with the platform team.\nSecond line, <b>.';

  it('is there again after the sign-in, for its writer and this operation alone, until it is sent', async () => {
    const { rig, browse } = await openPages();
    const { operationId, approvalHash } = await ask(rig);
    const other = await ask(rig, max);
    const url = `/approvals/${operationId}`;
    const late = await browse('ben', ['approver'], 901);
    await late.post(url, { decision: 'approve', comment, approval_hash: approvalHash });
    const again = await browse('ben', ['approver']);
    const page = (await again.get(url)).body;
    expect(typed(page)).toBe(shown);
    expect(read(page)).toContain('Your comment is kept');
    expect(all(parseMarkup(page), 'textarea', { 'aria-invalid': 'true' })).toEqual([]);
    expect(typed((await again.get(`/approvals/${other.operationId}`)).body)).toBe('');
    expect(typed((await (await browse('ada', ['admin'])).get(url)).body)).toBe('');
    // What was approved has moved, so the form is there once more, for a new plan.
    rig.shelf.colours.set('a', 'yellow');
    await again.post(url, { decision: 'approve', comment, approval_hash: approvalHash });
    const next = (await again.get(url)).body;
    expect([buttons(next), typed(next)]).toEqual([['approve', 'deny'], '']);
  });

  it('is kept too when the answer is refused for the plan’s sake', async () => {
    const { rig, browse } = await openPages();
    const { operationId, approvalHash } = await ask(rig);
    rig.world.policy = 'v2';
    const ben = await browse('ben', ['approver']);
    const answer = await ben.post(`/approvals/${operationId}`, {
      decision: 'approve',
      comment,
      approval_hash: approvalHash,
    });
    expect([answer.statusCode, typed(answer.body)]).toEqual([409, shown]);
  });
});

describe('lists', () => {
  const titles = (body: string, tag: 'h1' | 'h2') => all(parseMarkup(body), tag).map((each) => text(each));
  const items = (body: string) => all(parseMarkup(body), 'li', { class: 'item panel' });
  const next = (body: string) =>
    all(parseMarkup(body), 'a', { rel: 'next' }).map(({ attributes }) => attributes.href ?? '');

  it('leads an approver to what they decided and to everybody’s, though they asked for nothing', async () => {
    const { rig, browse } = await openPages();
    const { operationId, approvalHash } = await ask(rig);
    await ask(rig, max);
    const ben = await browse('ben', ['approver']);
    await ben.post(`/approvals/${operationId}`, { decision: 'approve', comment: '', approval_hash: approvalHash });
    const { body } = await ben.get('/operations');
    expect(titles(body, 'h2')).toEqual(['Asked by you', 'Decided by you', 'Everybody’s operations']);
    const parts = all(parseMarkup(body), 'section').map((part) => all(part, 'li', { class: 'item panel' }).length);
    expect(parts).toEqual([0, 1, 2]);
    expect(all(parseMarkup(body), 'a', { href: `/operations/${operationId}` })).toHaveLength(2);
    const decided = (await ben.get('/operations?list=decided')).body;
    expect([titles(decided, 'h1'), items(decided).length]).toEqual([['Decided by you'], 1]);
  });

  it('cuts everybody’s down to a status, and goes on within it', async () => {
    const { rig, browse } = await openPages();
    for (let index = 0; index < 21; index += 1) {
      const { operationId } = await ask(rig);
      await rig.pipeline.decide(
        { operationId, decision: 'deny', comment: 'No.' },
        person('ben', 'tag:approve'),
        rig.context(max),
      );
    }
    await ask(rig);
    const vera = await browse('vera', ['viewer']);
    const first = (await vera.get('/operations?list=all&status=denied')).body;
    expect(items(first)).toHaveLength(20);
    expect(all(parseMarkup(first), 'a', { 'aria-current': 'true' }).map((each) => text(each))).toEqual(['Denied']);
    expect(items((await vera.get(next(first)[0] ?? '')).body)).toHaveLength(1);
    expect((await vera.get('/operations?list=all&cursor=forged')).statusCode).toBe(400);
    expect((await vera.get('/operations?list=nobodys&status=odd')).statusCode).toBe(200);
  });

  it('shows one’s own operations, a page at a time, and refuses a foreign cursor', async () => {
    const { rig, browse } = await openPages();
    for (let index = 0; index < 21; index += 1) await ask(rig);
    await ask(rig, max);
    const own = await browse('ana', ['analyst']);
    const first = parseMarkup((await own.get('/operations?list=asked')).body);
    expect(all(first, 'li', { class: 'item panel' })).toHaveLength(20);
    const [onward] = all(first, 'a', { rel: 'next' });
    expect(
      all(parseMarkup((await own.get(onward?.attributes.href ?? '')).body), 'li', { class: 'item panel' }),
    ).toHaveLength(1);
    expect((await own.get('/operations?list=asked&cursor=forged')).statusCode).toBe(400);
  });
});
