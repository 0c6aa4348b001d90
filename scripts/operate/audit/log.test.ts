/** A copy of an earlier moment, held against the anchors there were then. */
import { examineAnchors } from '../../../service/src/audit/anchor-view.ts';
import { MARK } from '../../../service/src/audit/mark.ts';
import { verifyChain } from '../../../service/src/audit/verify.ts';
import { auditKeys } from '../../../service/test/rigs/audit-keys.ts';
import { DAY, openAudited } from '../../../service/test/rigs/audited.ts';
import { anchorsAt } from './log.ts';

const verifiedAt = async (audited: ReturnType<typeof openAudited>, at: Date) =>
  verifyChain({
    tables: audited.tables,
    keys: auditKeys,
    now: audited.now,
    retentionDays: 30,
    anchors: await examineAnchors(anchorsAt(audited.anchors, auditKeys, at), auditKeys),
  });

it('is whole beside anchors of its moment, though later ones name records that it has not', async () => {
  const audited = openAudited();
  await audited.append('ada', 3);
  await audited.task().run('now');
  const moment = audited.now();
  const [head, mark] = [await audited.head('ada'), await audited.head(MARK)];
  audited.wait(DAY);
  await audited.append('ada', 2);
  await audited.task().run('now');
  // The copy: nothing of what came since.
  await audited.remove('ada', 4, 5);
  await audited.setHead(head);
  await audited.setHead(mark);
  expect(await verifiedAt(audited, moment)).toMatchObject({ breaks: [], records: 3, anchor: { number: 1 } });
  expect((await verifiedAt(audited, audited.now())).breaks).toEqual([
    expect.objectContaining({ partition: 'ada', sequence: expect.any(Number) }),
  ]);
});

it('takes an anchor that cannot be read for one of then, so that it is told', async () => {
  const audited = openAudited();
  await audited.append('ada', 1);
  await audited.task().run('now');
  audited.kept.set(1, 'not an anchor');
  expect((await verifiedAt(audited, audited.now())).breaks).toEqual(
    expect.arrayContaining([expect.objectContaining({ partition: 'anchors', detail: 'it is not an anchor' })]),
  );
});

it.each([0, 1, 2, 3, 4, 5])('finds the %i anchors made by a moment, of five', async (count) => {
  const audited = openAudited();
  const moments = [new Date(audited.now().getTime() - 1)];
  for (let made = 0; made < 5; made += 1) {
    await audited.append('ada');
    await audited.task().run('now');
    moments.push(audited.now());
    audited.wait(600_000);
  }
  expect(await anchorsAt(audited.anchors, auditKeys, moments[count] ?? new Date(0)).numbers(0)).toEqual(
    [1, 2, 3, 4, 5].slice(0, count),
  );
});
