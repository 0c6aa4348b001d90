/** Somebody who can write the database, but has neither the service's key nor a person's sign-in. */
import type { Row } from '../../../../contracts/tables.ts';
import type { TableEngine } from '../../../src/tables.ts';
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

const trick = async (world: World, { by, spoil: change, answers }: (typeof tricks)[number]): Promise<void> => {
  const { people } = world;
  const asked = await people.ask(by, world.arns(2));
  if (asked === undefined) return;
  await world.withTables((tables) => spoil(tables, asked.operationId, change));
  if (answers === undefined) return;
  const page = await people.look(answers, asked.operationId);
  for (const decision of ['confirm', 'approve'] as const)
    if (page.body.includes(`value="${decision}"`))
      await people.press(answers, page, asked.operationId, decision, false);
};

/** The plan is changed under the approver's eyes. */
const changeSeen = async (world: World): Promise<void> => {
  const { people } = world;
  const asked = await people.ask('ana', world.arns(2));
  if (asked === undefined) return;
  const page = await people.look('ben', asked.operationId);
  await world.withTables((tables) =>
    spoil(tables, asked.operationId, (record) => ({
      ...record,
      plan: {
        ...Object(record.plan),
        changes: changesOf(record).map((change) => ({ ...change, after: { Owner: 'evil@example.com' } })),
      },
    })),
  );
  await people.press('ben', page, asked.operationId, 'approve');
};

/** What was applied is made to look as if it still waited to be, on resources that are as they were before. */
const applyAgain = async (world: World): Promise<void> => {
  const { people, cloud } = world;
  const asked: Asked | undefined = await people.ask('ana', world.arns(2));
  if (asked === undefined) return;
  await people.decide('ben', asked, 'approve');
  await world.quiet();
  for (const arn of asked.arns) {
    const first = cloud.effects.find((effect) => effect.arn === arn && effect.after.Owner === asked.owner);
    if (first) await cloud.retag(arn, first.before);
  }
  await world.withTables((tables) =>
    spoil(tables, asked.operationId, ({ result: _result, ...record }) => ({
      ...record,
      ...abandoned,
      status: 'approved',
    })),
  );
};

export const databaseWriter: Attack = {
  name: 'a database writer',
  run: async (world) => {
    for (const one of tricks) await trick(world, one);
    await changeSeen(world);
    await applyAgain(world);
    // Each task goes on with what looks approved.
    await world.crash();
  },
};
