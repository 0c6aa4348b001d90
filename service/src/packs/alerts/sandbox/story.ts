/**
 * What happens in the sandbox's network, day after day, the same at every start: small faults that come and go, a cell that
 * flaps, and a power failure that takes the links behind its site and their cells with it.
 */
import { createRandom, type Random } from '../../../random.ts';
import {
  cellOf,
  firstHub,
  linkOf,
  otherHub,
  powerOf,
  restless,
  type SandboxSite,
  type StoryAlarm,
  sandboxSites,
  sitesBehind,
} from './network.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** A sender says again what still fires. */
const REPEATS = 30 * MINUTE;

/** Days of the story, counted from its beginning, with a power failure, and how long it lasts in minutes. */
const failures: ReadonlyMap<number, number> = new Map([
  [1, 70],
  [3, 45],
  [5, 95],
]);
/** The last day before the newcomer comes: the failure they find under way. */
export const DAYS_BEFORE = 7;
/** Minutes between its begin and the first start of the sandbox, and from there to its end. */
const UNDER_WAY = 25;
const STILL = 65;

/** @param start epoch milliseconds */
const powerFailure = (site: SandboxSite, start: number, minutes: number): StoryAlarm[] => {
  const end = start + minutes * MINUTE;
  const at = (from: number, to = 0) => ({ start: start + from * MINUTE, end: end + to * MINUTE });
  const cells = (of: SandboxSite, from: number, to: number): StoryAlarm[] =>
    Array.from({ length: of.cells }, (_each, index) => ({
      site: of,
      element: 'CELL_SITE' as const,
      instance: cellOf(of, index + 1),
      name: 'CellOut',
      severity: 'critical' as const,
      description: `Cell ${index + 1} of ${of.town} serves nobody`,
      ...at(from + index, to),
    }));
  return [
    {
      ...{ site, element: 'POWER_SYSTEM', instance: powerOf(site), name: 'MainsFailure', severity: 'critical' },
      description: `${site.town} runs on its battery: the mains are off`,
      ...at(0),
    },
    {
      ...{ site, element: 'POWER_SYSTEM', instance: powerOf(site), name: 'BatteryLow', severity: 'major' },
      description: `The battery of ${site.town} is below 30 percent`,
      ...at(12, 5),
    },
    ...[site, ...sitesBehind(site.code)].flatMap((behind, index): StoryAlarm[] => [
      {
        ...{ site: behind, element: 'TRANSMISSION', instance: linkOf(behind), name: 'LinkDown', severity: 'major' },
        description: `The link of ${behind.town} to ${behind.over ?? 'the core'} is down`,
        ...at(3 + index, 2),
      },
      ...cells(behind, 5 + index, 4 + index),
    ]),
  ];
};

/** A cell that is lost and found every twelve minutes for an hour. */
const flapping = (site: SandboxSite, start: number): StoryAlarm[] =>
  Array.from({ length: 5 }, (_each, index) => ({
    site,
    element: 'CELL_SITE' as const,
    instance: cellOf(site, 1),
    name: 'CellDegraded',
    severity: 'minor' as const,
    description: `Cell 1 of ${site.town} drops calls`,
    start: start + index * 12 * MINUTE,
    end: start + (index * 12 + 5) * MINUTE,
  }));

type SmallFault = readonly [
  element: 'CELL_SITE' | 'TRANSMISSION' | 'POWER_SYSTEM',
  name: string,
  severity: StoryAlarm['severity'],
  description: string,
];

const smallFaults: readonly [SmallFault, ...SmallFault[]] = [
  ['CELL_SITE', 'HighTemperature', 'warning', 'The cabinet is too warm'],
  ['TRANSMISSION', 'LinkDegraded', 'minor', 'Errors on the link'],
  ['POWER_SYSTEM', 'FanFailed', 'warning', 'A fan of the rectifier stands still'],
];

const smallFault = (random: Random, day: number): StoryAlarm => {
  const site = random.pick(sandboxSites);
  const [element, name, severity, description] = random.pick(smallFaults);
  const instance = { CELL_SITE: cellOf(site, 1), TRANSMISSION: linkOf(site), POWER_SYSTEM: powerOf(site) }[element];
  const start = day + random.between(0, 1380) * MINUTE;
  const end = start + random.between(5, 50) * MINUTE;
  return { site, element, instance, name, severity, description, start, end };
};

/** The alarms that begin on a day of the story. */
const alarmsOfDay = (begin: number, index: number): StoryAlarm[] => {
  const day = begin + index * DAY;
  const random = createRandom(0x5172e + index);
  const lasts = failures.get(index % DAYS_BEFORE);
  return [
    ...Array.from({ length: random.between(4, 8) }, () => smallFault(random, day)),
    ...(lasts === undefined
      ? []
      : powerFailure(index % DAYS_BEFORE === 3 ? otherHub : firstHub, day + 850 * MINUTE, lasts)),
    ...(index % 4 === 2 ? flapping(restless, day + 480 * MINUTE) : []),
  ];
};

/** One post: alarms of one site at one time. */
export interface StoryPost {
  readonly at: Date;
  /** As Alertmanager sends it. */
  readonly body: unknown;
}

const labelsOf = ({ name, severity, site, element, instance }: StoryAlarm) => ({
  alertname: name,
  severity,
  site_code: site.code,
  element_type: element,
  instance,
  region: site.over ?? site.code,
});

/** When the sender says something of an alarm: at its begin, as long as it fires, and at its end. */
const timesOf = ({ start, end }: StoryAlarm): number[] => {
  const times = [];
  for (let at = start; at < end; at += REPEATS) times.push(at);
  return [...times, end];
};

const iso = (at: number): string => new Date(at).toISOString();

const alertOf = (alarm: StoryAlarm, at: number) => ({
  status: at >= alarm.end ? 'resolved' : 'firing',
  labels: labelsOf(alarm),
  annotations: { description: alarm.description },
  startsAt: iso(alarm.start),
  endsAt: at >= alarm.end ? iso(alarm.end) : '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.example.com/graph',
  fingerprint: '',
});

const bodyOf = (site: string, alerts: readonly ReturnType<typeof alertOf>[]): unknown => ({
  version: '4',
  groupKey: `{}:{site_code="${site}"}`,
  truncatedAlerts: 0,
  status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
  receiver: 'countersign',
  groupLabels: { site_code: site },
  commonLabels: { site_code: site },
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example.com',
  alerts,
});

/**
 * The posts of a period, in the order of their times.
 * @param begin when the sandbox was first started: the story begins a week before
 * @param from inclusive
 * @param to exclusive
 */
export const storyPosts = (begin: Date, from: Date, to: Date): readonly StoryPost[] => {
  const first = begin.getTime() - DAYS_BEFORE * DAY;
  const last = Math.ceil((to.getTime() - first) / DAY);
  const earliest = Math.max(0, Math.floor((from.getTime() - first) / DAY) - 1);
  const days = Array.from({ length: Math.max(0, last - earliest) }, (_each, index) =>
    alarmsOfDay(first, earliest + index),
  );
  const underWay = powerFailure(firstHub, begin.getTime() - UNDER_WAY * MINUTE, UNDER_WAY + STILL);
  const said = [...days.flat(), ...underWay].flatMap((alarm) =>
    timesOf(alarm)
      .filter((at) => from.getTime() <= at && at < to.getTime())
      .map((at) => ({ at, site: alarm.site.code, alert: alertOf(alarm, at) })),
  );
  const groups = Map.groupBy(said, ({ at, site }) => `${iso(at)} ${site}`);
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, [...rows]]) => {
      const [row] = rows;
      return row === undefined
        ? []
        : [
            {
              at: new Date(row.at),
              body: bodyOf(
                row.site,
                rows.map(({ alert }) => alert),
              ),
            },
          ];
    });
};
