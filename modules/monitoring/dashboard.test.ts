import { synthesized } from '../testing/synthesized.ts';
import { Dashboard } from './dashboard.ts';
import { aws } from './metric.ts';
import { sumBy } from './queries.ts';
import { answer, graph, layOut, type Section } from './widget.ts';

const region = 'eu-west-1';
const cpu = aws('AWS/EC2', 'CPUUtilization', 'Average', { AutoScalingGroupName: 'group' });
const widget = graph({ title: 'CPU', region }, { instances: cpu });

it('lays sections out one below the other, three widgets a row, none over another', () => {
  const placed = layOut([
    { title: 'One', widgets: [widget, widget, widget, widget] },
    { title: 'Two', widgets: [widget] },
  ]);
  expect(placed.map(({ x, y, width, height }) => [x, y, width, height])).toEqual([
    [0, 0, 24, 1],
    [0, 1, 8, 6],
    [8, 1, 8, 6],
    [16, 1, 8, 6],
    [0, 7, 8, 6],
    [0, 13, 24, 1],
    [0, 14, 24, 6],
  ]);
});

describe('a graph', () => {
  it('names its metrics as CloudWatch wants them', () => {
    expect(widget.properties.metrics).toEqual([
      ['AWS/EC2', 'CPUUtilization', 'AutoScalingGroupName', 'group', { stat: 'Average', label: 'instances' }],
    ]);
  });

  it('keeps the ids of several formulas apart, and hides what they are made of', () => {
    const half = { expression: 'FILL(part, 0) / 2', of: { part: cpu } };
    const { metrics } = graph({ title: 'Halves', region }, { one: half, two: half }).properties;
    expect(metrics).toEqual([
      [{ expression: 'FILL(part0, 0) / 2', label: 'one', id: 'result0' }],
      expect.arrayContaining([{ stat: 'Average', id: 'part0', visible: false }]),
      [{ expression: 'FILL(part1, 0) / 2', label: 'two', id: 'result1' }],
      expect.arrayContaining([{ stat: 'Average', id: 'part1', visible: false }]),
    ]);
  });
});

describe('a query', () => {
  it('asks the log group for a metric of the contract by one of its dimensions', () => {
    expect(answer({ title: 'Errors', region }, 'bar', '/log', sumBy('ToolErrors', 'Code')).properties.query).toBe(
      "SOURCE '/log' | filter ispresent(ToolErrors) | stats sum(ToolErrors) as total by Code | sort total desc | limit 10",
    );
  });

  it('knows no dimension that the metric does not have', () => {
    // @ts-expect-error
    sumBy('ToolErrors', 'Tool');
  });
});

it('a dashboard leaves empty sections out, and names resources that do not exist yet', () => {
  const sections: Section[] = [
    { title: 'Empty', widgets: [] },
    { title: 'Full', widgets: [graph({ title: 'CPU', region }, { instances: cpu })] },
  ];
  const { dashboard_name, dashboard_body } = synthesized(
    (stack) => new Dashboard(stack, 'dashboard', { name: 'marketing-mcp-production', sections }),
  ).one('aws_cloudwatch_dashboard');
  expect(dashboard_name).toBe('marketing-mcp-production');
  expect(JSON.parse(String(dashboard_body))).toMatchObject({
    start: '-PT24H',
    widgets: [{ properties: { markdown: '## Full' } }, { properties: { title: 'CPU', region } }],
  });
});
