/** The Grafana dashboard of compose.yaml, from the contract: one panel a metric, so that none is emitted unseen. */
import type { MetricContract } from '../contracts/metric.ts';
import { type MetricName, metrics } from '../contracts/metrics.ts';
import { prometheusLabel, prometheusName } from '../service/src/telemetry/names.ts';

interface Target {
  readonly expr: string;
  readonly legend: string;
}

const units: Readonly<Record<MetricContract['unit'], string>> = {
  Count: 'short',
  Seconds: 's',
  Milliseconds: 'ms',
  Bytes: 'bytes',
  Percent: 'percent',
  None: 'none',
};

const words = (name: string): string => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const targetsOf = (metric: MetricName): readonly Target[] => {
  const { kind, dimensions }: MetricContract = metrics[metric];
  const name = prometheusName(metric);
  const labels = dimensions.map(prometheusLabel);
  const legend = labels.map((label) => `{{${label}}}`).join(' ');
  const by = labels.length === 0 ? '' : ` by (${labels.join(', ')})`;
  switch (kind) {
    case 'counter':
      return [{ expr: `sum${by} (rate(${name}[$__rate_interval]))`, legend }];
    case 'gauge':
      return [{ expr: `min${by} (${name})`, legend }];
    case 'histogram':
      return [0.5, 0.99].map((quantile) => ({
        expr: `histogram_quantile(${quantile}, sum by (${['le', ...labels].join(', ')}) (rate(${name}_bucket[$__rate_interval])))`,
        legend: `p${quantile * 100} ${legend}`.trim(),
      }));
  }
};

const datasource = { type: 'prometheus', uid: 'prometheus' } as const;
const [columns, width, height] = [2, 12, 8] as const;

const panel = (title: string, description: string, unit: string, targets: readonly Target[], index: number) => ({
  id: index + 1,
  type: 'timeseries',
  title,
  description,
  datasource,
  gridPos: { x: (index % columns) * width, y: Math.floor(index / columns) * height, w: width, h: height },
  fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 8, showPoints: 'never' } }, overrides: [] },
  options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  targets: targets.map(({ expr, legend }, target) => ({
    refId: String.fromCharCode(65 + target),
    datasource,
    expr,
    legendFormat: legend === '' ? '__auto' : legend,
  })),
});

/** The document Grafana provisions, as text. */
export const dashboard = (): string => {
  const names = Object.keys(metrics) as MetricName[];
  const panels = [
    ...names.map((metric, index) => {
      const { kind, unit, description }: MetricContract = metrics[metric];
      // A counter is shown as its rate.
      const shown = kind === 'counter' ? 'reqps' : units[unit];
      return panel(words(metric), description, shown, targetsOf(metric), index);
    }),
    panel(
      'Memory',
      'Resident memory of each task.',
      'bytes',
      [{ expr: 'process_resident_memory_bytes', legend: '{{instance}}' }],
      names.length,
    ),
    panel(
      'Event loop lag',
      'How late timers fire: over some tens of milliseconds the task has too much to do.',
      's',
      [{ expr: 'nodejs_eventloop_lag_p99_seconds', legend: 'p99 {{instance}}' }],
      names.length + 1,
    ),
  ];
  const document = {
    uid: 'countersign',
    title: 'Countersign',
    description: 'Generated from contracts/metrics.ts by `npm run docs`; do not edit.',
    schemaVersion: 39,
    timezone: 'browser',
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    templating: { list: [] },
    annotations: { list: [] },
    panels,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
};
