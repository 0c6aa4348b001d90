import { all, parseMarkup, text } from '../../../test/rigs/markup.ts';
import { openPages } from '../../../test/rigs/pages.ts';
import { ana, everyone, max, person, type Rig } from '../../../test/rigs/pipeline.ts';

const ask = (rig: Rig, caller = ana, colour = 'blue', things = ['a', 'b']) =>
  rig.pipeline.submit(rig.steps, { input: { colour, things }, reason: `for ${caller.personId}` }, rig.context(caller));
const read = (body: string): string => text(parseMarkup(body)).replace(/\s+/g, ' ');
const titles = (body: string) => all(parseMarkup(body), 'h3').map((each) => text(each));
const parts = (body: string) => all(parseMarkup(body), 'h2').map((each) => text(each));
const items = (body: string) => all(parseMarkup(body), 'li', { class: 'item panel' });
const link = (body: string, rel: string) => all(parseMarkup(body), 'a', { rel })[0]?.attributes.href ?? '';
const box = ({ operationId, approvalHash }: { operationId: string; approvalHash: string }) =>
  `${operationId} ${approvalHash}`;
const statusOf = async (rig: Rig, id: string) => (await rig.pipeline.seenBy(everyone).get(id))?.status;

describe('the page of what waits', () => {
  it('begins with what waits for the person who looks, and counts it in header and title', async () => {
    const { rig, browse } = await openPages();
    await ask(rig, ana, 'blue');
    await ask(rig, max, 'green');
    const body = (await (await browse('max', ['analyst', 'approver'])).get('/approvals')).body;
    expect(parts(body)).toEqual(['Waiting for you (1)', 'Waiting for others (1)', 'Deny several']);
    expect(titles(body)).toEqual(['Paint 2 things blue', 'Paint 2 things green']);
    expect(body).toContain('<title>(1) Waiting for an answer · Countersign</title>');
    const home = (await (await browse('max', ['analyst', 'approver'])).get('/operations')).body;
    expect(read(home)).toContain('Approvals 1 waits for you');
    const viewer = (await (await browse('vera', ['viewer'])).get('/approvals')).body;
    expect([parts(viewer), read(viewer).includes('waits for you')]).toEqual([['Waiting for others (2)'], false]);
  });

  it('counts anew after an answer', async () => {
    const { rig, browse } = await openPages();
    const { operationId, approvalHash } = await ask(rig);
    const ben = await browse('ben', ['approver']);
    const counts = async () => read((await ben.get('/operations')).body).includes('1 waits for you');
    expect(await counts()).toBe(true);
    await ben.post(`/approvals/${operationId}`, { decision: 'deny', comment: 'No.', approval_hash: approvalHash });
    expect(await counts()).toBe(false);
  });

  it('is searched, cut down and sorted, and keeps that from page to page', async () => {
    const { rig, browse } = await openPages();
    for (let index = 0; index < 26; index += 1) {
      rig.world.now = new Date(rig.world.now.getTime() + 1000);
      await ask(rig, ana, index === 3 ? 'teal' : 'blue', index === 5 ? ['a', 'b', 'c'] : ['a']);
    }
    await ask(rig, max, 'green');
    const ben = await browse('ben', ['approver']);
    const get = async (query: string) => (await ben.get(`/approvals${query}`)).body;
    expect(titles(await get('?q=TEAL'))).toEqual(['Paint 1 things teal']);
    expect(titles(await get('?q=for+max'))).toEqual(['Paint 2 things green']);
    expect(titles(await get('?sort=largest'))[0]).toBe('Paint 3 things blue');
    const first = await get('?sort=oldest&q=ana');
    expect([items(first).length, titles(first)[3]]).toEqual([25, 'Paint 1 things teal']);
    expect(link(first, 'next')).toBe('/approvals?q=ana&sort=oldest&page=2');
    expect(items(await get(link(first, 'next').slice('/approvals'.length)))).toHaveLength(1);
    expect(read(await get('?who=own'))).toContain('Nothing that waits fits this.');
  });

  it.each(["?q=' OR 1=1 --", '?q=%25_', '?who=everyone&sort=password&page=-1&tool[]=x', '?q=%00&cursor='])(
    'takes %s for what it is: text, or nothing',
    async (query) => {
      const { rig, browse } = await openPages();
      await ask(rig);
      const answer = await (await browse('ben', ['approver'])).get(`/approvals${query}`);
      expect(answer.statusCode).toBe(200);
      expect(items(answer.body).length).toBe(query.startsWith('?q=') ? 0 : 1);
    },
  );

  it('reads at most two hundred, and leads to the older ones', async () => {
    const { rig, browse } = await openPages();
    for (let index = 0; index < 201; index += 1) await ask(rig, person(`p${index % 5}`, 'tag:write'));
    const ben = await browse('ben', ['approver']);
    const last = (await ben.get('/approvals?page=8')).body;
    expect(read(last)).toContain('Of these, 200 changes wait for you');
    const older = (await ben.get(link(last, 'next'))).body;
    expect([items(older).length, link(older, 'next')]).toEqual([1, '']);
  });
});

describe('denying several', () => {
  it('denies each that still is what was shown, withdraws one’s own, and tells of each', async () => {
    const { rig, browse } = await openPages();
    const [plain, anew, gone] = [await ask(rig), await ask(rig, ana, 'green'), await ask(rig, ana, 'teal')];
    const own = await ask(rig, max, 'pink');
    await rig.pipeline.decide(
      { operationId: gone.operationId, decision: 'deny', comment: 'Sooner.' },
      person('ben', 'tag:approve'),
      rig.context(max),
    );
    const page = await browse('max', ['analyst', 'approver']);
    const operation = [
      box(plain),
      `${anew.operationId} v3:of-another-plan`,
      box(gone),
      box(own),
      `op_${'0'.repeat(32)} x`,
    ];
    const answer = await page.post('/approvals', { comment: 'Not this week.' }, { operation });
    expect(answer.statusCode).toBe(200);
    expect(read(answer.body)).toContain('2 of 5 changes denied or withdrawn. 3 not: read why below.');
    expect(items(answer.body).map((each) => read(text(each)).replace(/op_\w+/g, '<op>'))).toEqual([
      expect.stringContaining('! Changed meanwhile ◔Awaiting countersignature It is not what you were shown'),
      expect.stringContaining('! Changed meanwhile ✕Denied Operation <op> is denied'),
      expect.stringContaining('✕ Not denied There is no such operation.'),
      expect.stringContaining('✓ Denied'),
      expect.stringContaining('✓ Withdrawn'),
    ]);
    const statuses = await Promise.all([plain, anew, own].map(({ operationId }) => statusOf(rig, operationId)));
    expect(statuses).toEqual(['denied', 'awaiting-countersign', 'withdrawn']);
    const denied = rig.events.filter(({ action, result }) => action === 'deny' && result === 'success');
    expect(denied.map(({ operationId }) => operationId)).toEqual([gone, plain, own].map((each) => each.operationId));
  });

  it('wants a reason, and keeps what was ticked', async () => {
    const { rig, browse } = await openPages();
    const [one, other] = [await ask(rig), await ask(rig, max)];
    const ben = await browse('ben', ['approver']);
    const answer = await ben.post('/approvals?sort=oldest', { comment: ' ' }, { operation: box(one) });
    expect(answer.statusCode).toBe(400);
    expect(read(answer.body)).toContain('Say why you deny them');
    const ticked = all(parseMarkup(answer.body), 'input', { name: 'operation' }).map(({ attributes }) => [
      attributes.value,
      'checked' in attributes,
    ]);
    expect(new Map(ticked.map(([value, checked]) => [value, checked]))).toEqual(
      new Map([
        [box(one), true],
        [box(other), false],
      ]),
    );
    expect((await ben.post('/approvals', { comment: 'No.' })).statusCode).toBe(400);
    expect(await statusOf(rig, one.operationId)).toBe('awaiting-countersign');
  });

  it.each([
    ['without the field of one’s own page', { csrf: '' }, ['approver'], 403],
    ['of more than one page holds', { operation: Array.from({ length: 51 }, () => 'op_1 x') }, ['approver'], 400],
    ['in another shape', { operation: 'op_1' }, ['approver'], 400],
  ] as const)('is refused %s, and denies nothing', async (_name, fields, roles, status) => {
    const { rig, browse } = await openPages();
    const asked = await ask(rig);
    const { post } = await browse('ben', [...roles]);
    const { csrf } = { csrf: undefined, ...fields };
    const { operation = box(asked) } = { operation: undefined, ...fields };
    const answer = await post('/approvals', { comment: 'No.', ...(csrf !== undefined && { csrf }) }, { operation });
    expect(answer.statusCode).toBe(status);
    expect(await statusOf(rig, asked.operationId)).toBe('awaiting-countersign');
  });

  it('is told to be refused where the scope is missing, one by one', async () => {
    const { rig, browse } = await openPages();
    const [one, other] = [await ask(rig), await ask(rig)];
    const { post } = await browse('vera', ['viewer']);
    const answer = await post('/approvals', { comment: 'No.' }, { operation: [one, other].map(box) });
    expect(read(answer.body)).toContain('0 of 2 changes denied or withdrawn');
    expect(read(answer.body)).toContain('needs the scope tag:approve');
    expect(await statusOf(rig, one.operationId)).toBe('awaiting-countersign');
  });

  it('tells of each that it was not denied where the audit log does not answer', async () => {
    const { rig, browse } = await openPages();
    const [one, other] = [await ask(rig), await ask(rig)];
    const ben = await browse('ben', ['approver']);
    rig.world.auditDown = true;
    const answer = await ben.post('/approvals', { comment: 'No.' }, { operation: [one, other].map(box) });
    expect(answer.statusCode).toBe(200);
    expect(read(answer.body)).toContain('the audit log does not answer');
    expect(await statusOf(rig, one.operationId)).toBe('awaiting-countersign');
  });
});

describe('the parts of one request', () => {
  const split = async (rig: Rig, things: string[]) => {
    const steps = {
      ...rig.steps,
      split: (input: { colour: string; things: string[] }) =>
        input.things.map((thing) => ({ ...input, things: [thing] })),
    };
    return (await rig.pipeline.submitParts(steps, { input: { colour: 'blue', things } }, rig.context(ana))).operations;
  };

  it('are on one page, and what is ticked there is approved at once, each with a result of its own', async () => {
    const { rig, browse } = await openPages();
    const operations = await split(rig, ['a', 'b', 'c']);
    await ask(rig, ana, 'green', ['c']);
    const page = `/approvals?batch=${operations[0].operationId}`;
    const ben = await browse('ben', ['approver']);
    const body = (await ben.get(page)).body;
    expect(items(body)).toHaveLength(3);
    expect(all(parseMarkup(body), 'button', { name: 'answer', value: 'approve' })).toHaveLength(1);
    const [, second] = operations;
    const moved = `${second?.operationId} v2:00000000:${'0'.repeat(64)}`;
    const operation = operations.map((each) => (each === second ? moved : box(each)));
    const answer = await ben.post(page, { answer: 'approve' }, { operation });
    expect(read(answer.body)).toContain('2 of 3 changes approved. 1 not: read why below.');
    await rig.pipeline.idle?.(1000);
    expect([...rig.shelf.colours.values()]).toEqual(['blue', 'red', 'blue']);
  });

  it('alone are approved so: nothing else, not by their requester, and not after an old sign-in', async () => {
    const { rig, browse } = await openPages();
    const [first] = await split(rig, ['a', 'b']);
    const other = await ask(rig, ana, 'green', ['c']);
    const page = `/approvals?batch=${first.operationId}`;
    const ben = await browse('ben', ['approver']);
    const foreign = await ben.post(page, { operation: box(other), answer: 'approve' });
    expect(read(foreign.body)).toContain('It is no part of this request.');
    const own = await (await browse('ana', ['analyst', 'approver'])).post(page, {
      operation: box(first),
      answer: 'approve',
    });
    expect(read(own.body)).toContain('0 of 1 change approved');
    const late = await (await browse('ben', ['approver'], 901)).post(page, {
      operation: box(first),
      answer: 'approve',
    });
    expect(late.statusCode).toBe(303);
    const unasked = await ben.post('/approvals', { operation: box(first), answer: 'approve' });
    expect(read(unasked.body)).toContain('It is no part of this request.');
    expect(rig.shelf.writes).toEqual([]);
  });
});
