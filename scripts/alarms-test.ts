/** `npm run alarms:test -- --environment staging`: an alarm that nobody heard yet is a hope. */
import { CloudWatchClient, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { SNSClient } from '@aws-sdk/client-sns';
import { didYouMean } from '../contracts/nearest.ts';
import type { Deployment } from '../modules/stacks/deployment.ts';
import { heardBy, reasonAgainst, type Tried, topicName } from './operate/alarms/judge.ts';
import { metricAlarmsOf } from './operate/alarms/of-environment.ts';
import { type Receiver, receiversOf } from './operate/alarms/receivers.ts';
import { leftBy, putBack, setOff } from './operate/alarms/trial.ts';
import { openClients } from './operate/clients.ts';
import { refuseWhileOpen } from './operate/cutover/open-run.ts';
import { callingAws, checkOperator, openOperated } from './operate/operated.ts';
import { table } from './operate/table.ts';
import { agree } from './platform/agree.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during } from './platform/host.ts';
import { interruptible } from './platform/interrupt.ts';
import { environment, json, region } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';

/** CloudWatch tells a topic within seconds. */
const pace = { everyMs: 1000, patienceMs: 60_000 };

interface Place {
  readonly region: string;
  readonly cloudwatch: CloudWatchClient;
  readonly alarm: MetricAlarm;
  readonly receivers: readonly Receiver[];
}

const nameOf = ({ alarm }: Pick<Place, 'alarm'>): string => alarm.AlarmName ?? '';

const placesOf = async (
  { region: at, settings }: Deployment,
  of: ReturnType<typeof openClients>['of'],
): Promise<Place[]> => {
  const [cloudwatch, sns] = [of(CloudWatchClient, at), of(SNSClient, at)];
  const heard = new Map<string, Promise<readonly Receiver[]>>();
  const hear = (topic: string) => {
    const asked = heard.get(topic) ?? receiversOf(sns, topic);
    heard.set(topic, asked);
    return asked;
  };
  const alarms = await metricAlarmsOf(cloudwatch, settings);
  return Promise.all(
    alarms.map(async (alarm) => {
      const topics = (alarm.AlarmActions ?? []).filter((arn) => arn.split(':')[2] === 'sns');
      return { region: at, cloudwatch, alarm, receivers: (await Promise.all(topics.map(hear))).flat() };
    }),
  );
};

/** @throws UsageProblem naming the alarm that was meant */
const pick = (places: readonly Place[], wanted: readonly string[] | undefined): readonly Place[] => {
  const names = places.map(nameOf);
  for (const name of wanted ?? [])
    if (!names.includes(name)) throw new UsageProblem(`There is no alarm ${name}${didYouMean(name, names) || '.'}`);
  return wanted === undefined ? places : places.filter((place) => wanted.includes(nameOf(place)));
};

const foreseen = (place: Place): Tried => {
  const told = { region: place.region, alarm: nameOf(place) };
  const against = reasonAgainst(place.alarm, leftBy(place.alarm) !== undefined);
  if (against !== undefined) return { ...told, ...against };
  const heard = heardBy(place.receivers);
  return { ...told, ...heard, ...(heard.verdict === 'reached' && { verdict: 'to be set off' }) };
};

/** An alarm that nobody hears is set off too: its topic is then known to be the only thing that is missing. */
const tryOne = async (place: Place, signal: AbortSignal): Promise<Tried> => {
  const expected = foreseen(place);
  if (reasonAgainst(place.alarm, false) !== undefined) return expected;
  const { untold } = await setOff(place.cloudwatch, place.alarm, { ...pace, signal });
  if (untold.length > 0)
    return {
      ...expected,
      verdict: 'silent',
      says: `CloudWatch did not tell ${untold.map(topicName).join(', ')}: see the policy and the key of the topic`,
    };
  return { ...expected, ...heardBy(place.receivers) };
};

/** What a killed run left in alarm goes back first, or it would be taken for an alarm that sounds. */
const mendLeft = async (host: Host, places: readonly Place[]): Promise<readonly Place[]> =>
  Promise.all(
    places.map(async (place) => {
      const before = leftBy(place.alarm);
      if (before === undefined) return place;
      await putBack(place.cloudwatch, nameOf(place));
      host.err(`${nameOf(place)} was left in alarm by a run that was killed. It is ${before} again.`);
      return { ...place, alarm: { ...place.alarm, StateValue: before } };
    }),
  );

const show = (host: Host, tried: readonly Tried[]): void =>
  host.out(
    table(
      ['region', 'alarm', 'verdict', ''],
      tried.map(({ region: at, alarm, verdict, says }) => [at, alarm, verdict, says]),
    ),
  );

const exitCodeOf = (tried: readonly Tried[]): number => {
  if (tried.some(({ verdict }) => verdict === 'unheard' || verdict === 'silent')) return exitCodes.failed;
  return tried.some(({ verdict }) => verdict === 'alone') ? exitCodes.attention : exitCodes.done;
};

export const alarmsTest = defineCommand({
  name: 'alarms:test',
  summary: 'Sets off each alarm, checks that its topic got the message and who receives it, and restores its state.',
  notes: [
    'People are paged: per alarm every receiver gets a message that says it is a test, and another when it is over if OK is sent too.',
    'An alarm that is in ALARM already, or does more than send, is left alone. An interrupt restores the states too;',
    'the next run restores what a killed one left. Only the receiver can say whether a mail or a page arrived.',
  ].join('\n'),
  exits: {
    0: 'each alarm reaches somebody',
    1: 'an alarm reaches nobody, or its topic did not get the message',
    2: 'some were left alone; with --dry-run: what would be set off',
  },
  options: {
    environment,
    region,
    alarm: { type: 'string', value: 'NAME', multiple: true, description: 'Only this alarm; may be repeated.' },
    json,
    yes: { type: 'boolean', description: 'Asks nothing.' },
    'dry-run': { type: 'boolean', description: 'Says who would hear which alarm, and sets off none.' },
  },
  run: async (values, host) => {
    const operated = await openOperated(host, values);
    await checkOperator(host, operated);
    const { of, close } = openClients(operated.settings.regions[0] ?? '', host.env.AWS_ENDPOINT_URL);
    return callingAws(operated, async () => {
      const found = await during(host, 'Reading alarms and who hears them', () =>
        Promise.all(operated.deployments.map((deployment) => placesOf(deployment, of))),
      );
      const places = pick(found.flat(), values.alarm);
      if (places.length === 0) throw new OperatorProblem(`${operated.environment} has no alarms: npm run deploy`);
      const report = (outcome: 'planned' | 'tested', alarms: readonly Tried[]): void =>
        host.report({ environment: operated.environment, outcome, alarms });
      if (values['dry-run'] === true) {
        const expected = places.map(foreseen);
        show(host, expected);
        report('planned', expected);
        return exitCodes.attention;
      }
      // A bake takes a new alarm for its own and rolls back.
      await refuseWhileOpen(operated.deployments, 'alarms:test');
      const people = new Set(places.flatMap(({ receivers }) => receivers.map(({ place }) => place)));
      await agree(
        host,
        values.yes,
        `${places.length} alarms tell ${people.size} receivers. Type yes to set them off: `,
      );
      const tried: Tried[] = [];
      await interruptible(host, async (signal) => {
        for (const place of await mendLeft(host, places)) {
          signal.throwIfAborted();
          tried.push(await during(host, `Setting off ${nameOf(place)}`, () => tryOne(place, signal)));
        }
      });
      show(host, tried);
      report('tested', tried);
      return exitCodeOf(tried);
    }).finally(close);
  },
});

await runAsProgram(import.meta.main, alarmsTest);
