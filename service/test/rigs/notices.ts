/** For tests of notices: a pipeline whose moves are told, a queue worked off by one task or two, and receivers that remember. */
import pino from 'pino';
import type { NoticeChannels } from '../../../contracts/notices.ts';
import type { Person } from '../../src/auth/caller.ts';
import { jobsOf } from '../../src/jobs/port.ts';
import { createRunner } from '../../src/jobs/runner.ts';
import type { UsualNotices } from '../../src/notices/choices.ts';
import { openNotices } from '../../src/notices/open.ts';
import type { NoticeOutlet, Outgoing } from '../../src/notices/outlet.ts';
import { createPipeline } from '../../src/operations/pipeline.ts';
import { createSight } from '../../src/operations/sight.ts';
import type { SendOutcome } from '../../src/ports/notify.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { openAccessRig } from './access.ts';
import { openRig } from './pipeline.ts';

export const someone = (personId: string, ...roles: Person['roles']): Person => ({
  personId,
  name: `${personId} of the tests`,
  email: `${personId}@example.com`,
  roles,
});

const everybody = [
  someone('ana', 'analyst'),
  someone('ben', 'approver'),
  someone('vera', 'viewer'),
  someone('ada', 'admin'),
  someone('nobody'),
];

/** @param given tables of a real engine; its clock must be the rig's */
export const openNoticesRig = (
  shared: NoticeChannels = { channels: [] },
  given?: TableEngine,
  usual: UsualNotices = 'fewer',
) => {
  const rig = openRig({}, given);
  const { tables, parts, world } = rig;
  const now = parts.now;
  const people = new Map(everybody.map((person) => [person.personId, person]));
  const sent: Outgoing[] = [];
  /** Of the log: errors. */
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  /** What the receivers answer, and what happens just before they do. */
  const receivers = {
    answer: async (_sent: Outgoing): Promise<SendOutcome> => ({ outcome: 'accepted' }),
  };
  const outlet: NoticeOutlet = {
    channels: new Set(['mail', 'slack', 'teams', 'webhook']),
    send: async (one) => {
      const answer = await receivers.answer(one);
      if (answer.outcome === 'accepted') sent.push(one);
      return answer;
    },
  };
  const readers = (pipeline: ReturnType<typeof createPipeline>) => ({
    pipeline,
    access: openAccessRig(tables, now).reading,
    audit: openAccessRig(tables, now).audit,
    publicUrl: 'https://mcp.example.com',
    approvalHours: parts.settings.approvalHours,
    approveWithoutEmail: false,
    people: { find: async (personId: string) => people.get(personId) },
  });
  const told = openNotices({
    jobs: jobsOf('core', { tables, now, wake: () => {} }),
    ...{ tables, outlet, shared, usual, now },
    zone: 'UTC',
    directory: { all: async () => [...people.values()] },
    packs: ['tagging'],
  });
  const pipeline = createPipeline({
    ...parts,
    audit: told.watched(parts.audit),
    outbox: told.outbox,
    // The real contracts: the tool of these tests is none of theirs, so it borrows the scopes of one that is.
    sight: {
      ...parts.sight,
      shows: (_tool, held) => createSight(['tagging']).shows('bulk_tag_resources', held),
    },
  });
  const workers = told.workers(readers(pipeline)).map((worker) => ({ owner: 'core', worker }));
  /** Another task on the same queue. */
  const task = () => {
    const runner = createRunner({ tables, log, now, mayWork: () => true, metrics: { count: () => {} } });
    runner.add(workers);
    return runner;
  };
  const runner = task();
  /** Works off what is due, until nothing is. */
  const turn = async (by = runner): Promise<void> => {
    for (let rounds = 0; rounds < 20; rounds += 1) {
      await by.look();
      await by.idle(5000);
    }
  };
  const jobs = jobsOf('core', { tables, now, wake: () => {} });
  return {
    /** Access to accounts, whose steps are told. */
    access: openAccessRig(tables, now, {}, told.accessOutbox),
    ...{ ...rig, pipeline, told, people, sent, receivers, task, turn, jobs, log, lines },
    /** Lets time pass, and does what came due. */
    later: async (hours: number): Promise<void> => {
      world.now = new Date(world.now.getTime() + hours * 3_600_000);
      await turn();
    },
    /** `mail ben: A change waits for your answer`, sorted. */
    said: (): string[] =>
      sent
        .splice(0)
        .map(({ channel, to, title }) => {
          const name = 'personId' in to ? to.personId : `#${to.shared}`;
          return `${channel} ${name}: ${title.split(':', 1)[0]}`;
        })
        .toSorted(),
  };
};
