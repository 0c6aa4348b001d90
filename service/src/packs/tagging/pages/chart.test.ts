import type { ScanPoint } from '../scan/scans.ts';
import { chart, chartWords, dots, scaleOf } from './chart.ts';

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
      { x: 0, y: 83.33, complete: true },
      { x: 750, y: 0, complete: false },
      { x: 1000, y: 41.67, complete: true },
    ]);
  });

  it('puts a single scan in the middle', () => {
    expect(dots(history.slice(0, 1))).toEqual([{ x: 500, y: 100, complete: true }]);
  });

  it.each([
    ['close together', [0.698, 0.711], [0.69, 0.7, 0.71, 0.72]],
    ['all of it', [1], [0.98, 0.99, 1]],
    ['none of it', [0], [0, 0.01, 0.02]],
    ['far apart', [0, 1], [0, 0.25, 0.5, 0.75, 1]],
    ['nothing', [], [0, 0.25, 0.5, 0.75, 1]],
  ])('has a scale in which scores %s can be told apart', (_name, scores, levels) => {
    expect(scaleOf(scores)).toEqual(levels);
  });

  it('writes out where it begins and ends', () => {
    expect(chart(history).toString()).toContain(
      'First 50.0%, last <strong>75.0%</strong>, lowest 50.0%, highest 100.0%',
    );
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
