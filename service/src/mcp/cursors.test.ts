import { openDispatch } from '../../test/rigs/dispatch.ts';
import { ana, ben } from '../../test/rigs/pipeline.ts';
import { CONSENT_SECONDS } from './cursors.ts';

const check = 'check_tag_compliance';
const PAGES = 30;

/** A list of thirty pages over more resources than a call may read unasked, and a budget of five calls. */
const openPages = (budget = 5) => {
  const rig = openDispatch({ budget });
  rig.world.resources = 14_025;
  rig.world.answer = async (_, cursor = '0') => {
    const at = Number(cursor);
    return { score: at, ...(at < PAGES - 1 ? { next_cursor: String(at + 1) } : {}) };
  };
  const args = { accounts: ['1'] };
  const answer = async (more: object = {}, about: object = {}) =>
    (await rig.call(check, { ...args, ...more }, about)).structured;
  const first = async () => {
    const { approval_required } = await answer();
    return answer({ approval_token: Object(approval_required).approval_token });
  };
  return { ...rig, answer, first };
};

describe('reading on by cursor', () => {
  it('is agreed to with the first page, however many pages follow and whatever the budget', async () => {
    const rig = openPages();
    let page = await rig.first();
    const seen = [page.score];
    while (page.next_cursor !== undefined) {
      page = await rig.answer({ cursor: page.next_cursor });
      seen.push(page.score);
    }
    expect(seen).toEqual(Array.from({ length: PAGES }, (_, at) => at));
    await expect(rig.answer()).resolves.toMatchObject({ clarification_needed: true });
  });

  it('takes another page size, and the same arguments in any order', async () => {
    const rig = openPages();
    const { next_cursor: cursor } = await rig.first();
    expect(await rig.answer({ cursor, limit: 9 })).toMatchObject({ score: 1 });
  });

  it.each<[string, object, object]>([
    ['another person', {}, { caller: { ...ben, scopes: ana.scopes } }],
    ['other arguments', { accounts: ['2'] }, {}],
    ['no arguments', { accounts: undefined }, {}],
  ])('is refused for %s', async (_, more, about) => {
    const rig = openPages();
    const { next_cursor: cursor } = await rig.first();
    await expect(rig.answer({ cursor, ...more }, about)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('cursor: is not one this tool gave you for these arguments'),
    });
  });

  it('is refused for a cursor that was changed, made up or never sealed', async () => {
    const rig = openPages();
    const sealed = String((await rig.first()).next_cursor);
    const [place = '', since = '', proof = ''] = sealed.split('.');
    for (const cursor of [
      `9.${since}.${proof}`,
      `${place}.zzzzzz.${proof}`,
      `${place}.${since}.${'A'.repeat(43)}`,
      `${place}.${since}`,
      place,
      '',
      `${sealed}A`,
    ])
      await expect(rig.answer({ cursor })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('asks again when the answer is an hour old, at the place it had come to', async () => {
    const rig = openPages();
    const { next_cursor: cursor } = await rig.first();
    rig.advance((CONSENT_SECONDS - 1) * 1000);
    const { next_cursor: later } = await rig.answer({ cursor });
    rig.advance(1000);
    const question = await rig.answer({ cursor: later });
    expect(question).toMatchObject({ clarification_needed: true });
    const { approval_token } = Object(question.approval_required);
    expect(await rig.answer({ cursor: later, approval_token })).toMatchObject({ score: 2 });
  });

  it('is no way around the loop guard', async () => {
    const rig = openDispatch({ loop: 2 });
    rig.world.answer = async () => ({ score: 1, next_cursor: '1' });
    const { next_cursor: cursor } = (await rig.call(check, { accounts: ['1'] })).structured;
    await rig.call(check, { accounts: ['1'], cursor });
    await rig.call(check, { accounts: ['1'], cursor });
    await expect(rig.call(check, { accounts: ['1'], cursor })).rejects.toMatchObject({ code: 'loop_detected' });
  });
});
