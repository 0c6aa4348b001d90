/** What each verb of a move does: says what it would do, or refuses. Answers are read before and after. */
import type { Change } from '@aws-sdk/client-route-53';
import { OperatorProblem } from '../../platform/problem.ts';
import type { Move } from './move.ts';
import { type Answers, batches, TTL } from './records.ts';
import type { Balancer } from './target.ts';

const DAY_MS = 86_400_000;

/** What is there. */
export interface Seen {
  readonly answers: Answers;
  readonly balancer: Balancer;
  readonly now: Date;
}

/** One batch, and what is remembered when it is done. */
export interface Step {
  readonly what: string;
  readonly changes: Change[];
  readonly after: Partial<Move>;
}

/** The shares in which a move goes on. */
export const shares = [10, 50, 100] as const;

export const answersText = (answers: Answers): string => {
  switch (answers.kind) {
    case 'old':
      return `the old server ${answers.values.join(', ')}, kept for ${answers.ttl} s`;
    case 'weighted':
      return `the old server ${answers.old} %, the new one ${answers.new} %`;
    case 'new':
      return 'the new server alone';
    case 'none':
      return 'nothing';
    case 'foreign':
      return `records that no move makes (${answers.what})`;
  }
};

const foreign = (name: string, answers: Answers): OperatorProblem =>
  new OperatorProblem(
    `${name} answers with ${answersText(answers)}. A move begins with one A record of the old server’s addresses; nothing was changed.`,
  );

/** When resolvers have forgotten the record that they were to keep for long. */
export const forgottenAt = ({ loweredAt, old }: Pick<Move, 'loweredAt' | 'old'>): Date | undefined =>
  loweredAt === undefined ? undefined : new Date(Date.parse(loweredAt) + Math.max(old.ttl, TTL) * 1000);

/** When the old server may go. */
export const keptUntil = ({ movedAt }: Pick<Move, 'movedAt'>, days: number): Date | undefined =>
  movedAt === undefined ? undefined : new Date(Date.parse(movedAt) + days * DAY_MS);

/** Of the first start. @throws OperatorProblem where the name does not lead to an old server */
export const begun = (about: Pick<Move, 'name' | 'zone' | 'owner'>, { answers, now }: Seen): Move => {
  if (answers.kind !== 'old') throw foreign(about.name, answers);
  const { ttl, values } = answers;
  const old = { ttl, values: [...values] };
  return { format: 1, ...about, old, servers: [], startedAt: now.toISOString(), steps: [] };
};

const sameValues = (one: readonly string[], other: readonly string[]): boolean =>
  one.toSorted().join() === other.toSorted().join();

/** The next step of a start; undefined where nothing is left to do but to wait until `forgottenAt`, or at all. */
export const startStep = (move: Move, { answers, balancer, now }: Seen): Step | undefined => {
  if (answers.kind === 'weighted') return undefined;
  if (answers.kind !== 'old' || !sameValues(answers.values, move.old.values)) throw foreign(move.name, answers);
  if (move.loweredAt === undefined || answers.ttl > TTL)
    return {
      what: `resolvers keep ${move.name} for ${TTL} s instead of ${Math.max(move.old.ttl, answers.ttl)}`,
      // Somebody may have changed it since the move was remembered.
      changes: answers.ttl > TTL ? batches.lowerTtl(move, answers.ttl) : [],
      after: { loweredAt: now.toISOString(), old: { ...move.old, ttl: Math.max(move.old.ttl, answers.ttl) } },
    };
  const forgotten = forgottenAt(move);
  if (forgotten !== undefined && forgotten > now) return undefined;
  return {
    what: `${move.name} has two weighted records: the old server 100 %, the new one 0 %`,
    changes: batches.divide(move, balancer, answers.ttl),
    after: {},
  };
};

/** @throws OperatorProblem where it cannot be shifted now */
export const shiftStep = (
  move: Move,
  { answers, balancer, now }: Seen,
  share: number | undefined,
): Step | undefined => {
  if (answers.kind === 'new') return undefined;
  if (answers.kind !== 'weighted') {
    const forgotten = forgottenAt(move);
    const when = forgotten === undefined || forgotten <= now ? 'now' : `from ${forgotten.toISOString()} on`;
    throw new OperatorProblem(
      `${move.name} has no weighted records yet: npm run move -- start once more, ${when}. Resolvers keep the old record until then.`,
    );
  }
  const current = answers.new;
  const next = share ?? shares.find((each) => each > current) ?? 100;
  if (next === current)
    return next === 100 && move.movedAt === undefined
      ? { what: `everybody is at the new server since now`, changes: [], after: { movedAt: now.toISOString() } }
      : undefined;
  if (next < current)
    throw new OperatorProblem(
      `The new server has ${current} % already. To send everybody to the old one: npm run move -- back.`,
    );
  if (balancer.healthy === 0)
    throw new OperatorProblem(
      `No target of the load balancer is healthy (of ${balancer.registered}): nobody is sent there. npm run doctor says why.`,
    );
  return {
    what: `the new server gets ${next} % of the questions for ${move.name} instead of ${current} %`,
    changes: batches.shift(move, balancer, next),
    after: next === 100 ? { movedAt: now.toISOString() } : {},
  };
};

/** @throws OperatorProblem where the old server's record is gone */
export const backStep = (move: Move, { answers, balancer }: Seen): Step | undefined => {
  if (answers.kind === 'old' || (answers.kind === 'weighted' && answers.new === 0)) return undefined;
  if (answers.kind !== 'weighted')
    throw new OperatorProblem(
      `${move.name} answers with ${answersText(answers)}: weights cannot lead back any more. If the old server still runs, give the name its address ${move.old.values.join(', ')} by hand.`,
    );
  return {
    what: `everybody who asks for ${move.name} gets the old server again`,
    changes: batches.shift(move, balancer, 0),
    after: { movedAt: undefined },
  };
};

/** @throws OperatorProblem before everything has moved, or before the old server was kept long enough */
export const finishStep = (move: Move, { answers, balancer, now }: Seen, days: number): Step | undefined => {
  if (answers.kind === 'new') return undefined;
  if (answers.kind !== 'weighted' || answers.new !== 100)
    throw new OperatorProblem(`${move.name} answers with ${answersText(answers)}: shift all of it first.`);
  const until = keptUntil({ movedAt: move.movedAt ?? now.toISOString() }, days);
  if (until !== undefined && until > now)
    throw new OperatorProblem(
      `The old server is kept for ${days} days, until ${until.toISOString()}, because people may have to go back to it.`,
    );
  return {
    what: `the old server’s record is removed; ${move.name} is an alias of the load balancer alone`,
    changes: batches.finish(move, balancer, 100),
    after: { finishedAt: now.toISOString() },
  };
};
