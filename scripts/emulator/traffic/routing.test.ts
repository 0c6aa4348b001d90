import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { meets } from './conditions.ts';
import { actionFor, groupByWeight, inOrder } from './routing.ts';

const path = (...Values: string[]): RuleCondition => ({ Field: 'path-pattern', PathPatternConfig: { Values } });
const header = (HttpHeaderName: string, ...Values: string[]): RuleCondition => ({
  Field: 'http-header',
  HttpHeaderConfig: { HttpHeaderName, Values },
});
const forward = (TargetGroupArn: string) => [{ Type: 'forward' as const, TargetGroupArn }];
const asked = (url: string, headers = {}) => ({ method: 'GET', url, headers });

describe('a rule of the listener', () => {
  it.each<[string, RuleCondition[], ReturnType<typeof asked>, boolean]>([
    ['any path', [path('/*')], asked('/mcp?x=1'), true],
    ['a path with case', [path('/MCP')], asked('/mcp'), false],
    ['one character', [path('/v?/x')], asked('/v1/x'), true],
    ['a dot as a dot', [path('/a.b')], asked('/axb'), false],
    ['one of two values', [path('/a', '/b')], asked('/b'), true],
    [
      'a header without case',
      [header('X-MCP-Preview', 'green:Secret')],
      asked('/', { 'x-mcp-preview': 'GREEN:secret' }),
      true,
    ],
    ['a header that is absent', [header('x-mcp-preview', '*')], asked('/'), false],
    ['both of two conditions', [path('/*'), header('x-a', 'b')], asked('/', { 'x-a': 'c' }), false],
    ['a host', [{ Field: 'host-header', Values: ['*.example.com'] }], asked('/', { host: 'MCP.example.com:80' }), true],
  ])('looks at %s', (_what, conditions, request, expected) => {
    expect(meets(conditions, request)).toBe(expected);
  });

  it('of a kind that cannot be judged is an error, rather than one that never matches', () => {
    expect(() => meets([{ Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } }], asked('/'))).toThrow(
      'knows no condition source-ip',
    );
  });

  it('is looked at by its priority as a number, whatever the order it was made in, the default last', () => {
    const rules = [
      { Priority: 'default', Actions: forward('none') },
      { Priority: '100', Conditions: [path('/*')], Actions: forward('live') },
      { Priority: '11', Conditions: [header('x-mcp-preview', 'green:s')], Actions: forward('green') },
      { Priority: '9', Conditions: [path('/never')], Actions: forward('never') },
    ];
    const groupOf = (request: ReturnType<typeof asked>) => actionFor(inOrder(rules), request)?.TargetGroupArn;
    expect(groupOf(asked('/mcp', { 'x-mcp-preview': 'green:s' }))).toBe('green');
    expect(groupOf(asked('/mcp'))).toBe('live');
    expect(groupOf({ ...asked('/'), url: 'x' })).toBe('none');
  });
});

describe('the dice', () => {
  const groups = [
    { TargetGroupArn: 'blue', Weight: 90 },
    { TargetGroupArn: 'green', Weight: 10 },
  ];

  it('fall as the weights say', () => {
    expect([0, 0.899, 0.9, 0.999].map((dice) => groupByWeight(groups, dice))).toEqual([
      'blue',
      'blue',
      'green',
      'green',
    ]);
  });

  it('never choose a group of weight 0', () => {
    const idle = [
      { TargetGroupArn: 'blue', Weight: 0 },
      { TargetGroupArn: 'green', Weight: 100 },
    ];
    expect([0, 0.5, 0.999].map((dice) => groupByWeight(idle, dice))).toEqual(['green', 'green', 'green']);
  });
});
