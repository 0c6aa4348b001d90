/** What is switched off takes nothing with it that works without it. */
import { TerraformStack, Testing } from 'cdktf';
import type { SettingName } from '../../contracts/settings/index.ts';
import { archives, readSynthesized, settingsOf } from '../testing/synthesized.ts';
import { buildApp } from './synthesize.ts';

const addresses = async (name: string, changes: Readonly<Record<string, unknown>>): Promise<ReadonlySet<string>> => {
  const regions = (await settingsOf(name, changes)).slice(0, 1);
  const app = buildApp({ label: 'x', regions, target: { kind: 'aws' }, outdir: Testing.app().outdir, archives });
  const stacks = app.node.children.filter((child) => child instanceof TerraformStack);
  return new Set(stacks.flatMap((stack) => readSynthesized(Testing.synth(stack)).addresses));
};

describe('switching off', () => {
  it.each<[setting: SettingName, environment: string, on: unknown, own: RegExp]>([
    ['guardduty', 'prod', true, /^aws_guardduty_detector\.monitoring_threats/],
    ['guardduty_findings', 'prod', true, /^aws_cloudwatch_event_(rule|target)\.monitoring_threats/],
    ['cloudtrail', 'prod', true, /monitoring_trail/],
    ['flow_logs', 'prod', true, /network_vpc_flow-logs/],
    ['network_acls', 'prod', true, /^aws_network_acl\./],
    ['container_insights', 'prod', true, /^nothing$/],
    ['xray', 'prod', true, /^aws_xray_/],
    ['dashboard', 'prod', true, /^aws_cloudwatch_dashboard\./],
    ['log_archive', 'prod', true, /log-archive/],
    ['db_insights', 'prod', true, /storage_database_insights/],
    ['cache_enabled', 'prod', true, /cache/],
    ['autoscale', 'prod', true, /^aws_appautoscaling_/],
    ['alb_logs', 'prod', true, /^nothing$/],
    ['circuit_breaker', 'prod', true, /^nothing$/],
    ['preview_header', 'prod', true, /preview/],
    ['execute_command', 'dev', true, /sessions_group|session-key/],
    ['daily_export', 'examples/marketing/prod', true, /daily-export/],
    ['api_key_required', 'examples/marketing/prod', true, /caller_api_keys/],
  ])('%s of %s takes nothing else with it', async (setting, environment, on, own) => {
    const [before, after] = await Promise.all([
      addresses(environment, { [setting]: on }),
      addresses(environment, { [setting]: false }),
    ]);
    const gone = [...before].filter((address) => !after.has(address));
    expect(gone.filter((address) => !own.test(address))).toEqual([]);
    // What it is about was there.
    if (own.source !== '^nothing$') expect(gone).not.toEqual([]);
  });

  it.each<[setting: SettingName, on: unknown, own: RegExp]>([
    ['budget_usd', 100, /^aws_budgets_budget\./],
    ['cost_anomaly_usd', 50, /^aws_ce_anomaly_/],
    ['memory_target', 80, /_memory_/],
  ])('%s, by leaving it out, takes nothing else with it', async (setting, on, own) => {
    const [before, after] = await Promise.all([
      addresses('prod', { [setting]: on }),
      addresses('prod', { [setting]: undefined }),
    ]);
    const gone = [...before].filter((address) => !after.has(address));
    expect(gone).not.toEqual([]);
    expect(gone.filter((address) => !own.test(address))).toEqual([]);
  });
});
