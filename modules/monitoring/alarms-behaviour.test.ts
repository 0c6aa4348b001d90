import { type BehaviourWatch, behaviour } from './alarms-behaviour.ts';

const watch: BehaviourWatch = {
  namespace: 'Countersign/test',
  log: '/aws/ecs/marketing-mcp-server',
  writes: 'countersign',
  budgets: true,
  exports: true,
  callsOut: true,
  webhooks: true,
  limits: { authFailures: 100, accountRefusals: 10, budgetChanges: 50, safetyLimits: 5 },
};
const made = (changes: Partial<BehaviourWatch> = {}) => {
  const { signals, alarms } = behaviour({ ...watch, ...changes });
  return {
    signals,
    patterns: Object.fromEntries(signals.map(({ name, source, pattern }) => [`${name} ${source}`, pattern])),
    alarms: Object.fromEntries(alarms.map((alarm) => [alarm.kind, alarm])),
  };
};

describe('behaviour', () => {
  it.each([
    ['unauthorized', 'security', 100],
    ['refused-accounts', 'security', 10],
    ['budget-changes', 'admin', 50],
    ['safety-limits', 'admin', 5],
  ])('%s is told to %s above %i in an hour', (kind, topic, threshold) => {
    expect(made().alarms[kind]).toMatchObject({
      topic,
      threshold,
      sounds: 'above',
      period: 3600,
      periods: 1,
      silence: 'fine',
      watched: { namespace: 'Countersign/test', name: kind, statistic: 'Sum', dimensions: {} },
    });
  });

  it('is counted from metrics and lines of the contracts', () => {
    expect(made().patterns).toEqual({
      'unauthorized service': '{ ($.status = 401) }',
      'refused-accounts service': '{ ($.ToolErrors >= 0) && ($.Code = "ACCOUNT_NOT_AUTHORIZED") }',
      'safety-limits service': '{ ($.ToolErrors >= 0) && ($.Code = "SAFETY_LIMIT_EXCEEDED") }',
      'budget-changes service': '{ ($.ToolCalls >= 0) && ($.Tool = "update_budget") }',
      'upstream-failing service': '{ ($.UpstreamBreakers >= 0) && ($.State = "opened") }',
      'refused-webhooks service': '{ ($.WebhookMessages >= 0) && ($.Outcome = "refused") }',
      'audit-failures service': '{ ($.AuditWrites >= 0) && ($.Outcome = "failed") }',
      'audit-tampered service': '{ ($.AuditAnchors >= 0) && ($.Outcome = "broken") }',
      'audit-anchors service': '{ ($.AuditAnchors >= 0) && ($.Outcome = "failed") }',
      'failed-jobs service': '{ ($.Jobs >= 0) && ($.Outcome = "failed") }',
      'audit-export service': '{ ($.AuditExportLag >= 0) }',
      'store-down service': '{ ($.StoreHealthy = 0) }',
    });
  });

  it('of a custom image is counted from its lines', () => {
    expect(made({ writes: 'json' }).patterns).toEqual({
      'unauthorized service': '{ ($.status = 401) }',
      'refused-accounts service': '{ ($.code = "ACCOUNT_NOT_AUTHORIZED") }',
      'safety-limits service': '{ ($.code = "SAFETY_LIMIT_EXCEEDED") }',
      'budget-changes service': '{ ($.tool = "update_budget") }',
    });
  });

  it('has an alarm only where it is heard', () => {
    expect(made({ writes: 'text' }).alarms).toEqual({});
    expect(Object.keys(made({ writes: 'text', apiLog: '/api' }).alarms)).toEqual(['unauthorized']);
    expect(made({ budgets: false }).alarms).not.toHaveProperty('budget-changes');
    expect(made({ callsOut: false }).alarms).not.toHaveProperty('upstream-failing');
    expect(made({ webhooks: false }).alarms).not.toHaveProperty('refused-webhooks');
  });

  it('sounds when the export for auditors is two hours behind, where there is one', () => {
    expect(made().signals.find(({ name }) => name === 'audit-export')).toMatchObject({ value: '$.AuditExportLag' });
    expect(made().alarms['audit-export']).toMatchObject({
      sounds: 'above',
      threshold: 7200,
      period: 3600,
      watched: { statistic: 'Maximum' },
    });
    expect(made({ exports: false }).alarms).not.toHaveProperty('audit-export');
  });

  it('counts 401 of the gateway too, and none of the service twice', () => {
    expect(made({ apiLog: '/api' }).signals.filter(({ name }) => name === 'unauthorized')).toMatchObject([
      { source: 'service', logGroup: '/aws/ecs/marketing-mcp-server' },
      { source: 'api', logGroup: '/api', pattern: '{ ($.status = "401") && ($.integrationStatus = "-") }' },
    ]);
    expect(made({ apiLog: '/api', writes: 'text' }).patterns).toEqual({ 'unauthorized api': '{ ($.status = "401") }' });
  });
});
