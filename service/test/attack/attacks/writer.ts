/** Somebody who can write the database, but has neither the service's key nor a person's sign-in. */
import type { Row } from '../../../../contracts/tables.ts';
import type { TableEngine } from '../../../src/ports/tables.ts';
import type { DemoPerson } from '../../rigs/person.ts';
import type { Asked } from '../truth.ts';
import type { World } from '../world.ts';
import type { Attack } from './attack.ts';

type Json = Record<string, unknown>;
type Spoil = (record: Json) => Json;

/** Long ago: the operation counts as abandoned, and is gone on with. */
const abandoned = { updatedAt: '2020-01-01T00:00:00.000Z', expiresAt: '2100-01-01T00:00:00.000Z' };

const spoil = async (tables: TableEngine, operationId: string, change: Spoil): Promise<void> => {
  const row = await tables.get('operations', { operationId });
  if (row === undefined) throw new Error(`there is no operation ${operationId}`);
  const record: Json = { ...change(Object(row.record)), version: row.version + 1 };
  const next: Row<'operations'> = { ...row, version: row.version + 1, status: String(record.status), record };
  await tables.put('operations', next);
};

const changesOf = (record: Json): Json[] => Object(record.plan).changes;
const forged = (record: Json): Json => ({
  by: { personId: 'ben', name: 'Ben', email: 'ben@example.com' },
  decision: 'approve',
  at: new Date().toISOString(),
  via: 'page',
  approvalHash: record.approvalHash,
});

/** What is written past the service, and what a person then does who may not. */
const tricks: readonly { readonly by: 'ana' | 'max'; readonly spoil: Spoil; readonly answers?: DemoPerson }[] = [
  { by: 'ana', spoil: (record) => ({ ...record, ...abandoned, countersign: 'none', status: 'approved' }) },
  {
    by: 'ana',
    spoil: (record) => ({ ...record, ...abandoned, countersign: 'same-person', status: 'awaiting-confirmation' }),
    answers: 'ana',
  },
  {
    by: 'ana',
    spoil: (record) => ({ ...record, ...abandoned, status: 'approved', approvals: [forged(record)] }),
  },
  {
    by: 'max',
    spoil: (record) => ({ ...record, requester: { ...Object(record.requester), personId: 'vera', email: '' } }),
    answers: 'max',
  },
  { by: 'max', spoil: (record) => ({ ...record, approveScope: 'tag:write' }), answers: 'ana' },
];

type Trick = (typeof tricks)[number];

const wrongAnswer = async ({ people }: World, { operationId }: Asked, { answers }: Trick): Promise<void> => {
  if (answers === undefined) return;
  const page = await people.look(answers, operationId);
  for (const decision of ['confirm', 'approve'] as const)
    if (page.body.includes(`value="${decision}"`)) await people.press(answers, page, operationId, decision, false);
};

const otherPlan: Spoil = (record) => ({
  ...record,
  plan: {
    ...Object(record.plan),
    changes: changesOf(record).map((change) => ({ ...change, after: { Owner: 'evil@example.com' } })),
  },
});

/** What was applied is made to look as if it still waited to be, on resources that are as they were before. */
const waitsAgain: Spoil = ({ result: _result, ...record }) => ({ ...record, ...abandoned, status: 'approved' });

const undoBehind = async ({ cloud }: World, { arns, owner }: Asked): Promise<void> => {
  for (const arn of arns) {
    const first = cloud.effects.find((effect) => effect.arn === arn && effect.after.Owner === owner);
    if (first) await cloud.retag(arn, first.before);
  }
};

export const databaseWriter: Attack = {
  name: 'a database writer',
  run: async (world) => {
    const { people } = world;
    const ask = async (by: 'ana' | 'max'): Promise<Asked> => {
      const asked = await people.ask(by, world.arns(2));
      if (asked === undefined) throw new Error('nothing was planned');
      return asked;
    };
    const asked: { trick: Trick; operation: Asked }[] = [];
    for (const trick of tricks) asked.push({ trick, operation: await ask(trick.by) });
    const [seen, applied] = [await ask('ana'), await ask('ana')];
    await people.decide('ben', applied, 'approve');
    await world.quiet();
    await undoBehind(world, applied);
    const page = await people.look('ben', seen.operationId);
    await world.withTables(async (tables) => {
      for (const { trick, operation } of asked) await spoil(tables, operation.operationId, trick.spoil);
      await spoil(tables, seen.operationId, otherPlan);
      await spoil(tables, applied.operationId, waitsAgain);
    });
    for (const { trick, operation } of asked) await wrongAnswer(world, operation, trick);
    // The plan was changed under the approver's eyes.
    await people.press('ben', page, seen.operationId, 'approve');
    // Each task goes on with what looks approved.
    await world.crash();
  },
};
