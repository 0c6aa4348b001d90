/** Reads the events of a window hour by hour. Of what was read only columns stay, and the rows of one hour. */
import type { AlertEvent } from '../model/event.ts';
import type { Events } from '../store/events.ts';
import { type AlarmColumns, ColumnBuilder } from './columns.ts';
import { Episodes } from './episodes.ts';
import { type AnalysisWindow, HOUR_MS, periodOfWindow } from './window.ts';
import { WorkTurns } from './work-turns.ts';

/** The call that an analysis works for. */
export interface AnalysisCall {
  /** Aborted when the call ends. */
  readonly signal: AbortSignal;
  /** Told after each hour of the window that has events. */
  readonly progress: (done: number, total: number, message?: string) => Promise<void>;
}

interface HourReader {
  take(event: AlertEvent): void;
  /** All events of an hour were taken. */
  endHour(): Promise<void>;
}

/** An alarm as the analyses count them. Alerts without a site belong to none. */
const isAlarm = ({ kind, severity, duplicate }: AlertEvent): boolean =>
  kind === 'raise' && duplicate === undefined && severity >= 1;

const readHours = async (
  events: Pick<Events, 'read'>,
  window: AnalysisWindow,
  call: AnalysisCall,
  turns: WorkTurns,
  reader: HourReader,
): Promise<void> => {
  const hours = Math.ceil((window.to - window.from) / HOUR_MS);
  let current: number | undefined;
  const end = async (hour: number): Promise<void> => {
    await reader.endHour();
    const done = hour + 1 - Math.floor(window.from / HOUR_MS);
    await call.progress(Math.min(done, hours), hours, 'hours of alarms are read');
  };
  for await (const rows of events.read(periodOfWindow(window), call.signal)) {
    const [first] = rows;
    if (first === undefined) continue;
    if (turns.due(rows.length)) await turns.pass();
    const hour = Math.floor(Date.parse(first.at) / HOUR_MS);
    if (current !== undefined && hour !== current) await end(current);
    current = hour;
    for (const event of rows) reader.take(event);
  }
  if (current !== undefined) await end(current);
};

export interface ReadAlarms {
  readonly columns: AlarmColumns;
  /** Alarms that name no site. They are in no cluster. */
  readonly withoutSite: number;
}

/** Every alarm of the window. */
export const readAlarms = async (
  events: Pick<Events, 'read'>,
  window: AnalysisWindow,
  call: AnalysisCall,
): Promise<ReadAlarms> => {
  const turns = new WorkTurns(call.signal);
  const builder = new ColumnBuilder();
  let withoutSite = 0;
  await readHours(events, window, call, turns, {
    take: (event) => {
      if (!isAlarm(event)) return;
      if (event.site_code === '') withoutSite += 1;
      else builder.add(event);
    },
    endHour: () => builder.endHour(turns),
  });
  return { columns: await builder.build(turns), withoutSite };
};

export interface ReadSites {
  readonly columns: AlarmColumns;
  readonly episodes: ReadonlyMap<string, Episodes>;
}

const inOrder = (a: AlertEvent, b: AlertEvent): number =>
  a.at === b.at ? (a.event_id < b.event_id ? -1 : 1) : a.at < b.at ? -1 : 1;

/** Every event of some sites, also what cleared their alarms. */
export const readSites = async (
  events: Pick<Events, 'read'>,
  sites: readonly string[],
  window: AnalysisWindow,
  call: AnalysisCall,
): Promise<ReadSites> => {
  const turns = new WorkTurns(call.signal);
  const builder = new ColumnBuilder();
  const episodes = new Map(sites.map((site) => [site, new Episodes(window)]));
  let ofHour: AlertEvent[] = [];
  await readHours(events, window, call, turns, {
    take: (event) => {
      if (!episodes.has(event.site_code)) return;
      ofHour.push(event);
      if (isAlarm(event)) builder.add(event);
    },
    endHour: async () => {
      for (const event of ofHour.sort(inOrder)) episodes.get(event.site_code)?.add(event);
      ofHour = [];
      await builder.endHour(turns);
    },
  });
  return { columns: await builder.build(turns), episodes };
};
