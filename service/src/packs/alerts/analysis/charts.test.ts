import type { AlertEvent } from '../model/event.ts';
import { analyzeNetwork } from './network-analysis.ts';
import { type AnalysisCall, readAlarms } from './read-alarms.ts';
import { alarms, dayOfTest } from './rows-of-test.ts';
import { HOUR_MS } from './window.ts';
import { ROWS_PER_TURN } from './work-turns.ts';

const events = (...lines: readonly string[]): AlertEvent[] =>
  alarms(...lines).map((row) => ({ ...row, alert_id: row.event_id, kind: 'raise', element_id: '' }));

/** Hours of events, as they are read. */
const hoursWith = (...hours: readonly (readonly AlertEvent[])[]) => ({
  async *read() {
    yield* hours;
  },
});
const quiet: AnalysisCall = { signal: new AbortController().signal, progress: async () => {} };

describe('charts', () => {
  const sizes = { sites: 2, clustersPerSite: 2, matrixKeys: 3 };
  const lines = [
    ...['01', '03', '05'].flatMap((hour) => ['A', 'B'].map((name) => `S1 ${hour}:00 CELL 4 ${name}`)),
    ...['01', '03', '05'].flatMap((hour) => ['C', 'D'].map((name) => `S2 ${hour}:30 CELL 4 ${name}`)),
    'S2 05:31 CELL 4 C',
    ...['12', '14', '16', '18', '20'].map((hour) => `S3 ${hour}:00 CELL 4 other`),
    'S4 12:00 CELL 2 not-significant',
  ];
  const analysed = () =>
    analyzeNetwork(
      {
        events: hoursWith(events(...lines)),
        states: { all: async () => [] },
        maintenanceAt: async () => () => false,
      },
      dayOfTest,
      sizes,
      quiet,
    );

  it('have the sites with most alarms, and of each the newest significant clusters, the oldest first', async () => {
    const { timeline } = await analysed();
    expect(timeline.sites_total).toBe(3);
    expect(timeline.rows.map(({ site_code, alarms }) => [site_code, alarms])).toEqual([
      ['S2', 7],
      ['S1', 6],
    ]);
    expect(timeline.rows[1]?.clusters.map(({ started_at }) => started_at.slice(11, 16))).toEqual(['03:00', '05:00']);
  });

  it('have in their matrix the pairs of the answer, on both sides of the diagonal', async () => {
    const { temporal, correlations } = await analysed();
    const [first] = correlations.temporal?.pairs ?? [];
    expect(temporal.keys).toEqual(['CELL_SITE|A', 'CELL_SITE|B']);
    expect(temporal.cells).toEqual([
      [null, first],
      [first, null],
    ]);
  });
});

describe('reading alarms', () => {
  const hour = (index: number): AlertEvent[] => events(`S1 ${String(index).padStart(2, '0')}:00 CELL 3 x`);

  it('leaves out duplicates, clears, changes, severity 0 and alarms without a site, and counts the last', async () => {
    const [raise] = events('S1 10:00 CELL 3 x');
    if (raise === undefined) throw new Error('no event');
    const rows: AlertEvent[] = [
      raise,
      { ...raise, event_id: '1', duplicate: true },
      { ...raise, event_id: '2', kind: 'clear' },
      { ...raise, event_id: '3', kind: 'change' },
      { ...raise, event_id: '4', severity: 0 },
      { ...raise, event_id: '5', site_code: '' },
    ];
    const { columns, withoutSite } = await readAlarms(hoursWith(rows), dayOfTest, quiet);
    expect({ size: columns.size, withoutSite }).toEqual({ size: 1, withoutSite: 1 });
  });

  it('tells how many hours of the window it has read', async () => {
    const told: [number, number][] = [];
    const call: AnalysisCall = { ...quiet, progress: async (done, total) => void told.push([done, total]) };
    await readAlarms(hoursWith(hour(0), hour(5), hour(5), hour(23)), dayOfTest, call);
    expect(told).toEqual([
      [1, 24],
      [6, 24],
      [24, 24],
    ]);
  });

  it('ends with its call, within 50,000 rows', async () => {
    const call = new AbortController();
    const [row] = hour(0);
    if (row === undefined) throw new Error('no row');
    let read = 0;
    const endless = {
      async *read() {
        for (let at = dayOfTest.from; ; at += HOUR_MS) {
          read += 5000;
          yield Array.from({ length: 5000 }, () => ({ ...row, at: new Date(at).toISOString() }));
          if (read === 20_000) call.abort(new Error('the client is gone'));
        }
      },
    };
    await expect(readAlarms(endless, dayOfTest, { ...quiet, signal: call.signal })).rejects.toThrow(
      'the client is gone',
    );
    expect(read - 20_000).toBeLessThanOrEqual(ROWS_PER_TURN);
  });
});
