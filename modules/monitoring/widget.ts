/** Widgets of a CloudWatch dashboard, and how they are laid out. */
import { isFormula, type Metric, type Statistic, type Watched } from './metric.ts';

interface Line {
  readonly watched: Watched;
  readonly label: string;
}

export interface Widget {
  readonly type: 'alarm' | 'log' | 'metric' | 'text';
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Panel {
  readonly title: string;
  readonly region: string;
  /** Seconds. Default 300. */
  readonly period?: number;
  readonly view?: 'bar' | 'singleValue' | 'timeSeries';
  /** One above the other, as a sum. */
  readonly stacked?: boolean;
}

type Row = readonly [...texts: string[], options: Readonly<Record<string, unknown>>];

const metricRow = ({ namespace, name, dimensions, statistic }: Metric, options: Record<string, unknown>): Row => [
  namespace,
  name,
  ...Object.entries(dimensions).flat(),
  { stat: statistic, ...options },
];

const rows = ({ watched, label }: Line, index: number): (Row | [Record<string, unknown>])[] => {
  if (!isFormula(watched)) return [metricRow(watched, { label })];
  // Ids are of the whole widget, and start with a lower-case letter.
  const ids = new Map(Object.keys(watched.of).map((id) => [id, `${id}${index}`]));
  const expression = watched.expression.replaceAll(/\b[a-z][a-zA-Z]*\b/g, (word) => ids.get(word) ?? word);
  return [
    [{ expression, label, id: `result${index}` }],
    ...Object.entries(watched.of).map(([id, metric]) => metricRow(metric, { id: ids.get(id), visible: false })),
  ];
};

/** Lines over time, or bars, of one or more metrics. */
export const graph = (
  { title, region, period = 300, view = 'timeSeries', stacked = false }: Panel,
  lines: Readonly<Record<string, Watched>>,
): Widget => ({
  type: 'metric',
  properties: {
    title,
    region,
    period,
    view,
    stacked,
    metrics: Object.entries(lines).flatMap(([label, watched], index) => rows({ watched, label }, index)),
  },
});

/** The same metric in several statistics. */
export const byStatistic = (
  statistics: readonly Statistic[],
  of: (statistic: Statistic) => Metric,
): Record<string, Metric> => Object.fromEntries(statistics.map((statistic) => [statistic, of(statistic)]));

/** The answer of a query to a log. */
export const answer = (
  { title, region }: Panel,
  view: 'bar' | 'pie' | 'table' | 'timeSeries',
  logGroup: string,
  query: string,
): Widget => ({
  type: 'log',
  properties: { title, region, view, query: `SOURCE '${logGroup}' | ${query}` },
});

export const alarmStates = (title: string, alarms: readonly string[]): Widget => ({
  type: 'alarm',
  properties: { title, alarms },
});

export interface Section {
  readonly title: string;
  readonly widgets: readonly Widget[];
}

const columns = 24;
const height = 6;
const perRow = 3;

/** Sections one below the other, each under its title, three widgets a row. */
export const layOut = (sections: readonly Section[]): Record<string, unknown>[] => {
  let y = 0;
  return sections.flatMap(({ title, widgets }) => {
    const heading = { type: 'text', x: 0, y, width: columns, height: 1, properties: { markdown: `## ${title}` } };
    y += 1;
    const width = columns / Math.min(perRow, widgets.length);
    const placed = widgets.map(({ type, properties }, index) => ({
      type,
      x: (index % perRow) * width,
      y: y + Math.floor(index / perRow) * height,
      width,
      height,
      properties,
    }));
    y += Math.ceil(widgets.length / perRow) * height;
    return [heading, ...placed];
  });
};
