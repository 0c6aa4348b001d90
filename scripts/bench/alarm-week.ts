/**
 * A made-up week of a network with a million alarms: power failures that take links and cells with them, links that fail by
 * themselves, and noise. The same week each time.
 */

import { HOUR_MS } from '../../service/src/packs/alerts/analysis/window.ts';
import type { ElementType } from '../../service/src/packs/alerts/model/element.ts';
import type { AlertEvent } from '../../service/src/packs/alerts/model/event.ts';

export const WEEK_END = Date.parse('2026-05-08T00:00:00Z');
const HOURS = 168;
const SITES = 2000;
/** Sites with alarms in one hour: disturbances come in bursts. */
const DISTURBED = 100;

/** Numerical Recipes' generator: the same numbers each time. */
const randomFrom = (seed: number) => {
  let state = seed >>> 0;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

type Kind = readonly [type: ElementType, name: string, severity: AlertEvent['severity'], afterSeconds: number];

const powerFailure: readonly Kind[] = [
  ['POWER_SYSTEM', 'MainsFailure', 5, 0],
  ['POWER_SYSTEM', 'BatteryLow', 4, 600],
  ['TRANSMISSION', 'LinkDown', 4, 900],
  ['CELL_SITE', 'CellOut', 5, 930],
  ['CELL_SITE', 'CellOut', 5, 940],
];
const linkFailure: readonly Kind[] = [
  ['TRANSMISSION', 'LinkDown', 4, 0],
  ['CELL_SITE', 'CellOut', 5, 30],
];

/** Events of one hour, as many as asked for. */
export const hourOfAlarms = (hour: number, count: number): AlertEvent[] => {
  const random = randomFrom(hour + 1);
  const begin = WEEK_END - (HOURS - hour) * HOUR_MS;
  const events: AlertEvent[] = [];
  const add = (site: number, [element_type, name, severity]: Kind, at: number): void => {
    if (events.length === count) return;
    const number = String(events.length).padStart(6, '0');
    events.push({
      event_id: `${new Date(begin).toISOString()}-${number}`,
      alert_id: `${String(hour).padStart(26, '0')}${number}`,
      at: new Date(Math.min(begin + at, begin + HOUR_MS - 1)).toISOString(),
      kind: 'raise',
      severity,
      site_code: `S${String(site).padStart(4, '0')}`,
      element_type,
      element_id: `el-${random(5000)}`,
      name,
    });
  };
  while (events.length < count) {
    const [site, start, what] = [(hour * DISTURBED * 7 + random(DISTURBED)) % SITES, random(HOUR_MS), random(10)];
    const story: readonly Kind[] =
      what < 2
        ? powerFailure
        : what < 5
          ? linkFailure
          : [['CELL_SITE', `Degraded-${15 * (hour % 20) + random(15)}`, random(2) === 0 ? 1 : 2, 0]];
    for (const kind of story) add(site, kind, start + 1000 * kind[3]);
  }
  return events;
};

export const alarmsOfWeek = (most: number): readonly (readonly [hour: number, count: number])[] =>
  Array.from({ length: HOURS }, (_, hour) => [
    hour,
    Math.floor((most * (hour + 1)) / HOURS) - Math.floor((most * hour) / HOURS),
  ]);
