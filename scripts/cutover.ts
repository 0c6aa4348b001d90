/** `npm run cutover -- --environment prod start`: moves traffic from one colour to the other, and back when something is wrong. */

import process from 'node:process';
import { parseUntil, type Until } from './operate/cutover/next.ts';
import { onlyDeployment, wayOf } from './operate/cutover/opened.ts';
import { paceOf } from './operate/cutover/pace.ts';
import { stateText } from './operate/cutover/run.ts';
import { checkPreview } from './operate/cutover/smoke/find.ts';
import { Trial } from './operate/cutover/smoke/signed-in.ts';
import { TOKEN_VARIABLE } from './operate/cutover/smoke/target.ts';
import { nextCommand, statusOf } from './operate/cutover/status.ts';
import { type Asked, abortRun, type Ended, finish, resume, rollback, shiftTo, start } from './operate/cutover/verbs.ts';
import { callingAws, checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { defineCommand, type Host, type Running, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { nowOf } from './platform/host.ts';
import { environment, json, region } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';

const verbs = {
  start: 'checks, asks, then warms the idle colour, tests it, shifts 10, 50, 100 percent, and scales the old one in',
  status: 'says how far the run is, and which weights are live; needs no lock',
  resume: 'goes on where a run stopped or was killed',
  shift: 'gives the new colour a share by hand, such as shift 30, and watches it for a bake',
  rollback: 'gives the old colour all traffic again, at once',
  finish: 'scales the old colour in, once no call can be open on it any more',
  abort: 'scales the new colour in, before it has had traffic or after it was rolled back',
} as const;

const codes = {
  reached: exitCodes.done,
  'went-back': exitCodes.wentBack,
  later: exitCodes.later,
  foreign: exitCodes.failed,
  planned: exitCodes.attention,
} as const;

const shareOf = (given: string | undefined): number => {
  if (given === undefined || !/^\d{1,3}$/.test(given) || Number(given) < 1 || Number(given) > 100)
    throw new UsageProblem(`shift takes a share from 1 to 100, not ${given ?? 'nothing'}. None at all is rollback.`);
  return Number(given);
};

const trialOf = (given: string | undefined): Trial | undefined => {
  if (given === undefined) return undefined;
  try {
    return Trial.parse(JSON.parse(given));
  } catch {
    throw new UsageProblem('--try takes JSON such as {"name":"bulk_tag_resources","arguments":{}}.');
  }
};

/** Found at once: what is no address would be taken for a version that does not answer, and rolled back. */
const checkOrigin = (given: string | undefined): void => {
  if (given === undefined) return;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return;
  throw new UsageProblem(`--url is an origin such as https://mcp.example.com, without a path, not ${given}.`);
};

/** SIGINT and SIGTERM roll back, so that they do not end the process. */
const withSignals = async <T>(host: Host, work: (stop: AbortSignal) => Promise<T>): Promise<T> => {
  if (host.stop !== undefined) return work(host.stop);
  const controller = new AbortController();
  const stop = (): void => {
    if (!controller.signal.aborted) host.err('Interrupted: going back. A second interrupt changes nothing.');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
};

const tell = (host: Running, { file, settings }: Operated, ended: Ended): number => {
  const { outcome, run, says } = ended;
  if (outcome === 'planned') host.out('Nothing was changed.');
  else if (outcome === 'foreign') host.out(`Stopped, and changed nothing: ${says}`);
  else if (outcome === 'went-back') host.out(`Went back (${stateText(run)}): ${says ?? 'as it was asked to'}`);
  else if (says !== undefined) host.out(says);
  if (run.state === 'finished' && run.way === 'load-balancer' && settings.active_colour !== run.variants.new)
    host.out(
      `${run.variants.new} takes all traffic. Set active_colour = "${run.variants.new}" in ${file}: no deployment brings it about, and a rule that is made anew begins with it.`,
    );
  if (outcome !== 'planned') host.out(`${stateText(run)}. Next: ${nextCommand(run)}`);
  host.report({ environment: run.environment, region: run.region, outcome, state: stateText(run), says, run });
  return codes[outcome];
};

const showStatus = async (host: Running, operated: Operated): Promise<number> => {
  const found = [];
  for (const deployment of operated.deployments) found.push(await statusOf(deployment, nowOf(host)));
  for (const { region: at, lines } of found) host.out([at, ...lines.map((line) => `  ${line}`)].join('\n'));
  host.report({ environment: operated.environment, regions: found.map(({ lines: _, ...status }) => status) });
  return found.some(({ foreign, state }) => foreign || state === 'foreign') ? exitCodes.attention : exitCodes.done;
};

/** @throws OperatorProblem where the smoke test would prove less than expected */
const checkCalls = (host: Host, { settings }: Operated, without: boolean | undefined): boolean => {
  if (settings.container !== 'countersign' || without === true) return false;
  if (host.env[TOKEN_VARIABLE]) return true;
  throw new OperatorProblem(
    `Signed-in calls need an access token in ${TOKEN_VARIABLE}. Without one, initialize, tools/list, a read and a dry run are not proven: --without-calls begins all the same.`,
  );
};

export const cutover = defineCommand({
  name: 'cutover',
  summary:
    'Moves traffic to the new colour, version or instances step by step, watched by metrics and alarms, and back by itself when something is wrong.',
  verbs,
  operands: '[SHARE]',
  notes: [
    'Lock and record are one object beside the Terraform state. A killed run goes on with resume; SIGINT and SIGTERM roll it back.',
    `Signed-in calls of the smoke test take an access token from ${TOKEN_VARIABLE}. See docs/cutover.md.`,
  ].join('\n'),
  exits: {
    0: 'went as far as asked',
    1: 'refused or failed; or somebody else changed the weights, and nothing was changed',
    2: 'with --dry-run: something would change; with status: somebody else changed the weights',
    3: 'went back: the old colour takes all traffic',
    75: 'not finished: the credentials end too soon, or the old colour is kept longer. resume goes on later',
  },
  options: {
    environment,
    region,
    until: {
      type: 'string',
      value: 'STATE',
      description:
        'With start and resume: stops at warm, smoked, holding or finished, or when the bake at a share such as 10 is over. Default: finished.',
    },
    shares: {
      type: 'string',
      value: 'PERCENTS',
      description: 'With start: shares of the traffic. Default: 10,50,100.',
    },
    bakes: { type: 'string', value: 'MINUTES', description: 'With start: time at each share. Default: 12,12,20.' },
    pace: {
      type: 'string',
      value: 'SECONDS',
      description:
        'With start: poll=30,settle=60,twice=10,warm=900,period=60,hold=330, or some of them. A shorter hold is for stand-ins only.',
    },
    url: { type: 'string', value: 'ORIGIN', description: 'Where the smoke test calls. Default: the public address.' },
    try: {
      type: 'string',
      value: 'JSON',
      description: 'Tool call that the smoke test makes as a dry run. Default: a tool that needs no arguments.',
    },
    'without-calls': { type: 'boolean', description: 'With start: makes no signed-in calls in the smoke test.' },
    steal: {
      type: 'boolean',
      description: 'Takes over what somebody else drove, from 15 minutes of silence after its deadline on.',
    },
    json,
    yes: { type: 'boolean', description: 'With start: asks nothing.' },
    'dry-run': { type: 'boolean', description: 'Says what would be done, and changes nothing.' },
  },
  run: async (values, host, [verb = '', share, ...others]) => {
    if (others.length > 0 || (share !== undefined && verb !== 'shift'))
      throw new UsageProblem(`${verb} takes no further word, such as ${others[0] ?? share}.`);
    const to = verb === 'shift' ? shareOf(share) : 0;
    const until: Until = parseUntil(values.until ?? 'finished');
    const trial = trialOf(values.try);
    checkOrigin(values.url);
    const operated = await openOperated(host, values);
    const rehearsal = host.env.AWS_ENDPOINT_URL !== undefined;
    const pace = paceOf(operated.settings, values, rehearsal);
    if (verb === 'status') {
      await checkOperator(host, operated);
      return callingAws(operated, () => showStatus(host, operated));
    }
    const deployment = onlyDeployment(operated);
    wayOf(deployment);
    checkPreview(deployment, values.url);
    const calls = verb !== 'start' || checkCalls(host, operated, values['without-calls']);
    await checkOperator(host, operated);
    return callingAws(operated, () =>
      withSignals(host, async (stop) => {
        const asked: Asked = {
          host,
          operated,
          deployment,
          until,
          smoke: { url: values.url, trial },
          stop,
          steal: values.steal === true,
          dryRun: values['dry-run'] === true,
          yes: values.yes,
        };
        const does: Readonly<Record<string, () => Promise<Ended>>> = {
          start: () => start(asked, { pace, calls }),
          resume: () => resume(asked),
          shift: () => shiftTo(asked, to),
          rollback: () => rollback(asked),
          finish: () => finish(asked),
          abort: () => abortRun(asked),
        };
        const work = does[verb];
        if (work === undefined) throw new UsageProblem(`cutover does not know ${verb}.`);
        return tell(host, operated, await work());
      }),
    );
  },
});

await runAsProgram(import.meta.main, cutover);
