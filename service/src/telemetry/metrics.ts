/** The metrics of contracts/metrics.ts, kept for Prometheus to fetch and, if asked, written for CloudWatch. */
import { stdout } from 'node:process';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricContract } from '../../../contracts/metric.ts';
import { metrics as contract, type Dimensions, type MetricName, metricsOf } from '../../../contracts/metrics.ts';
import { packNames } from '../../../contracts/packs/index.ts';
import type { Config } from '../config.ts';
import type { Metrics } from '../ports/metrics.ts';
import { version } from '../version.ts';
import { openEmf } from './emf.ts';
import { prometheusLabel, prometheusName } from './names.ts';

export interface MetricsParts {
  readonly format: Config['METRICS_FORMAT'];
  /** The enabled packs: those of others are not told. Default: all. */
  readonly packs?: readonly string[];
  /** Of two colours the one this task is of. */
  readonly colour?: string | undefined;
  /** Takes the lines of embedded metric format. Default standard output. */
  readonly write?: (line: string) => void;
  readonly now?: () => Date;
  /** Seconds between two writes. Default 5. */
  readonly flushSeconds?: number;
}

export interface OpenMetrics extends Metrics {
  /** All metrics, and those of the process, in Prometheus text format. */
  prometheus(): Promise<string>;
  /** Writes what is gathered, before the process stands still. */
  flush(): void;
  /** Writes what is gathered and stops. */
  close(): Promise<void>;
}

/** Upper bounds by unit. Milliseconds: from a cached answer to the five minutes a tool may take. */
const buckets: Readonly<Record<MetricContract['unit'], number[]>> = {
  Milliseconds: [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000],
  Seconds: [1, 5, 10, 60, 300, 900, 3600, 86_400],
  Count: [1, 5, 10, 50, 100, 500, 1000, 5000, 10_000, 50_000, 100_000],
  Bytes: [1e3, 1e4, 1e5, 1e6, 1e7, 1e8],
  Percent: [1, 5, 10, 25, 50, 75, 90, 95, 99, 100],
  None: [0.1, 1, 10, 100, 1000],
};

type Labels = Readonly<Record<string, string>>;
type Record_ = (labels: Labels, value: number) => void;

const register = (registry: Registry, metric: MetricName): Record_ => {
  const { kind, unit, description, dimensions }: MetricContract = contract[metric];
  const options = {
    name: prometheusName(metric),
    help: description,
    labelNames: dimensions.map(prometheusLabel),
    registers: [registry],
  };
  switch (kind) {
    case 'counter': {
      const counter = new Counter(options);
      return (labels, value) => counter.inc(labels, value);
    }
    case 'gauge': {
      const gauge = new Gauge(options);
      return (labels, value) => gauge.set(labels, value);
    }
    case 'histogram': {
      const histogram = new Histogram({ ...options, buckets: buckets[unit] });
      return (labels, value) => histogram.observe(labels, value);
    }
  }
};

const names = Object.keys(contract) as MetricName[];
const labelOf = new Map<string, string>(
  names.flatMap((metric) => contract[metric].dimensions.map((d) => [d, prometheusLabel(d)])),
);

const labelled = (dimensions: Labels): Labels => {
  const labels: Record<string, string> = {};
  for (const name in dimensions) labels[labelOf.get(name) ?? name] = dimensions[name] ?? '';
  return labels;
};

export const openMetrics = ({
  format,
  colour,
  packs = packNames,
  flushSeconds = 5,
  now = () => new Date(),
  ...parts
}: MetricsParts): OpenMetrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const recorders = new Map(metricsOf(packs).map((metric) => [metric, register(registry, metric)]));
  const write = parts.write ?? ((line) => void stdout.write(line));
  const about = colour === undefined ? {} : { properties: { Colour: colour, Version: version } };
  const emf = format === 'emf' ? openEmf({ write, now, ...about }) : undefined;
  const timer = emf && setInterval(emf.flush, flushSeconds * 1000).unref();

  const record = <M extends MetricName>(metric: M, dimensions: Dimensions<M>, value: number): void => {
    const toPrometheus = recorders.get(metric);
    if (toPrometheus === undefined) return;
    toPrometheus(labelled(dimensions), value);
    emf?.record(metric, dimensions, value);
  };
  return {
    count: (metric, dimensions, value = 1) => record(metric, dimensions, value),
    observe: record,
    set: record,
    prometheus: () => registry.metrics(),
    flush: () => emf?.flush(),
    close: async () => {
      clearInterval(timer);
      emf?.flush();
    },
  };
};
