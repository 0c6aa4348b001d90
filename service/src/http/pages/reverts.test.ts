import { all, parseMarkup, text } from '../../../test/rigs/markup.ts';
import { openPages } from '../../../test/rigs/pages.ts';
import { ana, everyone, person, type Rig } from '../../../test/rigs/pipeline.ts';
import { unzip } from '../../../test/rigs/unzip.ts';
import { CountersignError } from '../../errors.ts';

const read = (body: string): string => text(parseMarkup(body)).replace(/\s+/g, ' ');

/** An operation of Ana's that Ben approved and that was applied. */
const applied = async (rig: Rig, things = ['a']) => {
  const asked = await rig.pipeline.submit(rig.steps, { input: { colour: 'blue', things } }, rig.context(ana));
  const { operationId, approvalHash } = asked;
  const by = person('ben', 'tag:approve');
  const decided = await rig.pipeline.decide({ operationId, decision: 'approve', approvalHash }, by, rig.context(by));
  await rig.pipeline.outcome(decided);
  return operationId;
};
const forms = (body: string, id: string) =>
  all(parseMarkup(body), 'form', { method: 'post', action: `/operations/${id}/revert` }).length;

describe('the way back of an operation', () => {
  it('is planned from its page, changes nothing, and waits for an answer like any other change', async () => {
    const { rig, browse } = await openPages();
    const id = await applied(rig);
    const own = await browse('cleo', ['analyst']);
    expect(forms((await own.get(`/operations/${id}`)).body, id)).toBe(1);
    const answer = await own.post(`/operations/${id}/revert`, { reason: 'It was the wrong colour.' });
    expect(answer.statusCode).toBe(303);
    const [, planned = ''] = /^\/approvals\/(op_\w+)\?planned=1$/.exec(String(answer.headers.location)) ?? [];
    expect(await rig.pipeline.seenBy(everyone).get(planned)).toMatchObject({
      status: 'awaiting-countersign',
      reverts: id,
      reason: 'It was the wrong colour.',
      requester: { personId: 'cleo', clientId: 'approvals-page' },
    });
    expect(rig.shelf.colours.get('a')).toBe('blue');
    expect(read((await own.get(String(answer.headers.location))).body)).toContain('Nothing has changed yet');
    const again = await own.post(`/operations/${id}/revert`, {});
    expect([again.statusCode, read(again.body).includes(`is being reverted by ${planned}`)]).toEqual([409, true]);
  });

  it('is planned of the resources that are ticked', async () => {
    const { rig, browse } = await openPages();
    const id = await applied(rig, ['a', 'b', 'c']);
    const own = await browse('ana', ['analyst']);
    const page = parseMarkup((await own.get(`/operations/${id}`)).body);
    const ticks = all(page, 'input', { type: 'checkbox', name: 'only', form: 'undo-form' });
    expect(ticks).toHaveLength(3);
    expect(all(page, 'form', { id: 'undo-form', action: `/operations/${id}/revert` })).toHaveLength(1);
    const answer = await own.post(`/operations/${id}/revert`, { only: 'b' });
    const [found = ''] = /op_\w+/.exec(String(answer.headers.location)) ?? [];
    expect((await rig.parts.store.get(found))?.plan.changes.map(({ resourceId }) => resourceId)).toEqual(['b']);
  });

  it('is refused and recorded where a value moved since', async () => {
    const { rig, browse } = await openPages();
    const id = await applied(rig);
    rig.shelf.colours.set('a', 'yellow');
    const answer = await (await browse('ana', ['analyst'])).post(`/operations/${id}/revert`, {});
    expect([answer.statusCode, read(answer.body).includes('undo somebody else')]).toEqual([409, true]);
    expect(rig.events.at(-1)).toMatchObject({
      userId: 'ana',
      action: 'plan',
      result: 'blocked',
      operationId: id,
      errorCode: 'state_changed',
      ipAddress: '127.0.0.1',
    });
  });

  it('that acts with a token of a header, which a browser cannot send, says how an agent plans it', async () => {
    const { rig, browse } = await openPages();
    const id = await applied(rig);
    const details = { provider: 'office', header: 'x-letters-token' };
    rig.shelf.colours.get = () => {
      throw new CountersignError('credentials_required', 'Send it in the header.', { details });
    };
    const answer = await (await browse('ana', ['analyst'])).post(`/operations/${id}/revert`, {});
    expect(read(answer.body)).toContain(
      `call rollback_operation with operation_id ${id} and the token in the header x-letters-token. Nothing was planned.`,
    );
    expect(rig.events.at(-1)).toMatchObject({ action: 'plan', result: 'blocked', errorCode: 'credentials_required' });
  });

  it.each([
    ['without the scope to ask for it', ['approver'], {}, 0, 403],
    ['without the field of one’s own page', ['analyst'], { csrf: '' }, 0, 403],
    ['after a sign-in that is too old', ['analyst'], {}, 901, 303],
    ['for a reason without end', ['analyst'], { reason: 'x'.repeat(1001) }, 0, 400],
  ] as const)('is not planned %s', async (_name, roles, fields, ago, status) => {
    const { rig, browse } = await openPages();
    const id = await applied(rig);
    const who = await browse('ana', [...roles], ago);
    const offered = forms((await who.get(`/operations/${id}`)).body, id);
    expect(offered).toBe(roles[0] === 'approver' || ago > 0 ? 0 : 1);
    const answer = await who.post(`/operations/${id}/revert`, { ...fields });
    expect(answer.statusCode).toBe(status);
    const { items } = await rig.pipeline.seenBy(everyone).recent({});
    expect(items.map(({ operationId }) => operationId)).toEqual([id]);
  });
});

it('the changes of an operation are a file whose cells run nothing, one line a value', async () => {
  const { rig, browse } = await openPages();
  rig.shelf.colours.set('a', '=cmd|"/c calc"!A1');
  const id = await applied(rig);
  const file = await (await browse('vera', ['viewer'])).get(`/operations/${id}/changes.csv`);
  expect(file.headers['content-disposition']).toBe(`attachment; filename="${id}.csv"`);
  const [, line = '', ...rest] = file.body.trim().split('\r\n');
  expect([line, rest]).toEqual([`a,a,thing,111111111111,,colour,"'=cmd|""/c calc""!A1",blue,changed,,applied,`, []]);
  const book = await (await browse('vera', ['viewer'])).get(`/operations/${id}/changes.xlsx`);
  expect(book.headers['content-disposition']).toBe(`attachment; filename="${id}.xlsx"`);
  const parts = unzip(book.rawPayload);
  expect(parts.get('xl/worksheets/sheet1.xml')).not.toMatch(/<f[ >]/);
  expect(parts.get('xl/sharedStrings.xml')).toContain('/c calc');
  for (const kind of ['csv', 'xlsx']) {
    const hidden = await (await browse('vera', ['viewer'])).get(`/operations/op_${'0'.repeat(32)}/changes.${kind}`);
    expect(hidden.statusCode).toBe(404);
  }
});
