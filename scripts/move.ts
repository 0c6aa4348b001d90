/** `npm run move -- --environment examples/tag-governance/prod start`: moves a name from its old server by weighted records. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Move } from './operate/move/move.ts';
import { type Opened, openMove } from './operate/move/opened.ts';
import { TTL } from './operate/move/records.ts';
import { oldServers, serversAt, type Taking, takeDown, takings } from './operate/move/server.ts';
import {
  answersText,
  backStep,
  begun,
  finishStep,
  forgottenAt,
  keptUntil,
  type Seen,
  type Step,
  shares,
  shiftStep,
  startStep,
} from './operate/move/steps.ts';
import { callingAws, checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { agree } from './platform/agree.ts';
import { defineCommand, type Running, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, nowOf } from './platform/host.ts';
import { environment, json, region } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';

const verbs = {
  start: 'shortens how long resolvers keep the old record, and makes weighted records once they have forgotten it',
  status: 'says what the name answers with, and what comes next',
  shift: 'sends more to the new server: `shift 50`, or the next of 10, 50 and 100',
  back: 'sends everybody to the old server again',
  finish: 'removes the old server’s record when it was kept long enough, and stops the server',
};

const KEEP_DAYS = 7;
/** A timer takes no more, and would fire at once. What is left is waited for anew. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

interface Asked {
  readonly dryRun: boolean;
  readonly yes: boolean | undefined;
  readonly wait: boolean;
  readonly days: number;
  readonly server: Taking;
}

interface Moving {
  readonly host: Running;
  readonly operated: Operated;
  readonly opened: Opened;
  readonly asked: Asked;
}

const report = ({ host, operated, opened }: Moving, outcome: string, seen: Seen, move: Move | undefined): void =>
  host.report({ environment: operated.environment, name: opened.name, outcome, answers: seen.answers, move });

const regionOf = ({ operated }: Pick<Moving, 'operated'>): string => operated.deployments[0]?.region ?? '';

const begunOf = ({ opened }: Pick<Moving, 'opened'>): Move => {
  if (opened.move === undefined) throw new OperatorProblem(`${opened.name} is not moving yet: npm run move -- start.`);
  return opened.move;
};

/** Asks for a step, does it, and looks again. Undefined: it is a dry run. */
const taken = async ({ host, opened, asked }: Moving, move: Move, step: Step): Promise<Move | undefined> => {
  host.out(`Then ${step.what}.`);
  if (asked.dryRun) return undefined;
  await agree(host, asked.yes);
  return during(host, 'Changing the records', () => opened.take(move, step));
};

const untilForgotten = async ({ host, asked }: Moving, move: Move): Promise<boolean> => {
  const forgotten = forgottenAt(move);
  if (forgotten === undefined || forgotten <= nowOf(host)) return true;
  if (!asked.wait) {
    host.out(`Resolvers keep the old record until ${forgotten.toISOString()}: run this once more from then on.`);
    return false;
  }
  await during(host, `Waiting until resolvers forget the old record (${forgotten.toISOString()})`, () =>
    sleep(Math.min(forgotten.getTime() - nowOf(host).getTime(), LONGEST_SLEEP_MS)),
  );
  return true;
};

const start = async (running: Moving): Promise<number> => {
  const { host, opened, asked } = running;
  let seen = await opened.look(nowOf(host));
  const { name, zone, by: owner } = opened;
  let move = opened.move ?? begun({ name, zone, owner }, seen);
  if (opened.move === undefined) {
    move = { ...move, servers: await serversAt(regionOf(running), move.old.values) };
    if (!asked.dryRun) await opened.remember(move);
  }
  for (;;) {
    const step = startStep(move, seen);
    if (step === undefined && seen.answers.kind === 'weighted') {
      host.out(`${move.name} has weighted records. Next: npm run move -- shift.`);
      report(running, 'started', seen, move);
      return exitCodes.done;
    }
    if (step !== undefined) {
      const next = await taken(running, move, step);
      if (next === undefined) {
        report(running, 'planned', seen, opened.move);
        return exitCodes.attention;
      }
      move = next;
    }
    if (!(await untilForgotten(running, move))) {
      report(running, 'waiting', seen, move);
      return exitCodes.later;
    }
    seen = await opened.look(nowOf(host));
  }
};

/** One step of a move that has begun. */
const one = async (running: Moving, stepOf: (move: Move, seen: Seen) => Step | undefined): Promise<number> => {
  const { host, opened } = running;
  const move = begunOf(running);
  const seen = await opened.look(nowOf(host));
  const step = stepOf(move, seen);
  if (step === undefined) {
    host.out(`It is so already: ${answersText(seen.answers)}.`);
    report(running, 'unchanged', seen, move);
    return exitCodes.done;
  }
  const next = await taken(running, move, step);
  const after = next === undefined ? seen : await opened.look(nowOf(host));
  if (next !== undefined) host.out(`${move.name} answers with ${answersText(after.answers)}.`);
  report(running, next === undefined ? 'planned' : 'changed', after, next ?? move);
  return next === undefined ? exitCodes.attention : exitCodes.done;
};

/**
 * Asks by the ids of the instances, because what is terminated does not come back.
 * @returns false where it is a dry run, and something would be taken down
 */
const takeServers = async ({ host, opened, operated, asked }: Moving): Promise<boolean> => {
  const at = regionOf({ operated });
  const { old, servers: ids } = begunOf({ opened });
  const servers = (await oldServers(at, ids)).filter(
    ({ state }) => asked.server === 'terminate' || state !== 'stopped',
  );
  if (asked.server === 'keep') {
    host.out('The old server is left as it is.');
    return true;
  }
  if (servers.length === 0) {
    host.out(
      `No instance in ${at} that had the address ${old.values.join(', ')} still runs: nothing is left to take down here.`,
    );
    return true;
  }
  const named = servers.map(({ id, name }) => (name === '' ? id : `${id} (${name})`)).join(', ');
  if (asked.dryRun) {
    host.out(`Would ${asked.server} ${named}.`);
    return false;
  }
  const typed = servers.map(({ id }) => id).join(' ');
  host.out(`The record of the name is finished. ${named} still runs.`);
  await agree(host, asked.yes, `Type ${typed} to ${asked.server} ${named}: `, typed);
  await takeDown(at, servers, asked.server);
  host.out(`${asked.server === 'stop' ? 'Stopped' : 'Terminated'}: ${named}.`);
  return true;
};

const finish = async (running: Moving): Promise<number> => {
  const { host, asked } = running;
  const removes = (await running.opened.look(nowOf(host))).answers.kind === 'weighted';
  const code = await one(running, (move, seen) => finishStep(move, seen, asked.days));
  if (code !== exitCodes.done) return code;
  if (removes && asked.server !== 'keep')
    await during(host, 'Waiting until resolvers forget the old server', () => sleep(asked.wait ? TTL * 1000 : 0));
  return (await takeServers(running)) ? exitCodes.done : exitCodes.attention;
};

const status = async (running: Moving): Promise<number> => {
  const { host, opened, asked } = running;
  const { move } = opened;
  const seen = await opened.look(nowOf(host));
  host.out(`${opened.name} answers with ${answersText(seen.answers)}.`);
  host.out(`The new server has ${seen.balancer.healthy} healthy targets of ${seen.balancer.registered}.`);
  const until = move && keptUntil(move, asked.days);
  if (move?.finishedAt !== undefined) host.out(`It was finished at ${move.finishedAt}.`);
  else if (until) host.out(`The old server is kept until ${until.toISOString()}.`);
  for (const { at, what } of move?.steps ?? []) host.out(`${at} ${what}`);
  report(running, move === undefined ? 'not begun' : 'seen', seen, move);
  return seen.answers.kind === 'foreign' || seen.answers.kind === 'none' ? exitCodes.attention : exitCodes.done;
};

const shareOf = (given: string | undefined): number | undefined => {
  if (given === undefined) return undefined;
  const share = Number(/^(\d{1,3})%?$/.exec(given)?.[1]);
  if (share > 0 && share <= 100) return share;
  throw new UsageProblem(`shift takes a percentage from 1 to 100, such as ${shares.join(', ')}, and not ${given}.`);
};

const daysOf = (given: string | undefined): number => {
  if (given === undefined) return KEEP_DAYS;
  if (/^\d{1,3}$/.test(given)) return Number(given);
  throw new UsageProblem(`--keep-days is a whole number of days, not ${given}.`);
};

export const move = defineCommand({
  name: 'move',
  summary: 'Moves domain_name from an old server to the environment’s load balancer, by weighted records, and back.',
  verbs,
  operands: '[PERCENT]',
  notes: [
    'Terraform must not own the name’s record: domain_record = "move". What the record was before, and since when it moves, is kept',
    'beside the state. Route 53 sends nobody to a load balancer without healthy targets.',
    'See docs/deploying/tag-governance.md.',
  ].join('\n'),
  exits: {
    0: 'done, or nothing to do',
    2: 'with --dry-run: something would change; with status: the name answers with something else',
    75: 'resolvers still keep the old record: run it again at the time that it prints',
  },
  options: {
    environment,
    region,
    'keep-days': {
      type: 'string',
      value: 'DAYS',
      description: 'Days for which finish leaves the old server. Default: 7.',
    },
    server: {
      type: 'string',
      value: 'WHAT',
      choices: takings,
      description: 'With finish: stop, terminate or keep the instance that has the old address. Default: stop.',
    },
    wait: { type: 'boolean', description: 'Waits for resolvers instead of ending.' },
    json,
    yes: { type: 'boolean', description: 'Asks nothing.' },
    'dry-run': { type: 'boolean', description: 'Says what would change, and changes nothing.' },
  },
  run: async (values, host, [verb, given, ...others]) => {
    if (others.length > 0) throw new UsageProblem(`${verb} takes no further word, such as ${others[0]}.`);
    const share = shareOf(given);
    if (share !== undefined && verb !== 'shift') throw new UsageProblem(`${verb} takes no percentage.`);
    const asked: Asked = {
      dryRun: values['dry-run'] === true,
      yes: values.yes,
      wait: values.wait === true,
      days: daysOf(values['keep-days']),
      server: takings.find((each) => each === values.server) ?? 'stop',
    };
    const operated = await openOperated(host, values);
    const [deployment] = operated.deployments;
    if (deployment === undefined) throw new OperatorProblem(`${operated.environment} has no region.`);
    await checkOperator(host, operated);
    return callingAws(operated, async () => {
      const opened = await openMove(host, deployment);
      const running = { host, operated, opened, asked };
      switch (verb) {
        case 'start':
          return start(running);
        case 'shift':
          return one(running, (current, seen) => shiftStep(current, seen, share));
        case 'back':
          return one(running, backStep);
        case 'finish':
          return finish(running);
        default:
          return status(running);
      }
    });
  },
});

await runAsProgram(import.meta.main, move);
