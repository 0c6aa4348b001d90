import type { ScanPoint } from '../props.ts';
import { chart, chartWords, dots } from './chart.ts';

const scan = (timestamp: string, score: number | null, dataQuality: ScanPoint['dataQuality'] = 'complete') => ({
  timestamp,
  score,
  totalResources: 10,
  violationCount: 1,
  costGap: null,
  dataQuality,
});

const history = [
  scan('2026-11-01T00:00:00Z', 0.5),
  scan('2026-11-02T00:00:00Z', null, 'failed'),
  scan('2026-11-04T00:00:00Z', 1, 'partial'),
  scan('2026-11-05T00:00:00Z', 0.75),
];

describe('chart', () => {
  it('puts scans at their times and scores, and none where there is no score', () => {
    expect(dots(history)).toEqual([
      { x: 0, y: 50, complete: true },
      { x: 750, y: 0, complete: false },
      { x: 1000, y: 25, complete: true },
    ]);
  });

  it('puts a single scan in the middle', () => {
    expect(dots(history.slice(0, 1))).toEqual([{ x: 500, y: 50, complete: true }]);
  });

  it('draws partial scans hollow', () => {
    expect(
      chart(history)
        .toString()
        .match(/class="hole"/g),
    ).toHaveLength(1);
  });

  it('says the same in words', () => {
    expect(chartWords(history)).toBe(
      '3 scans: 50.0% on 1 Nov 2026, 75.0% on 5 Nov 2026; lowest 50.0%, highest 100.0%. 1 scan saw only a part.',
    );
    expect(chartWords([])).toBe('No scan with a score.');
  });
});
