/** What is switched off takes nothing with it that works without it. */
import { TerraformStack, Testing } from 'cdktf';
import type { SettingName } from '../../contracts/settings/index.ts';
import { archives, readSynthesized, settingsOf } from '../testing/synthesized.ts';
import { buildApp } from './synthesize.ts';

const addresses = async (name: string, changes: Readonly<Record<string, unknown>>): Promise<ReadonlySet<string>> => {
  const regions = (await settingsOf(name, changes)).slice(0, 1);
  const app = buildApp({ label: 'x', regions, target: { kind: 'aws' }, outdir: 'unused', archives });
  const stacks = app.node.children.filter((child) => child instanceof TerraformStack);
  return new Set(stacks.flatMap((stack) => readSynthesized(Testing.synth(stack)).addresses));
};

const known = new Map<string, Promise<ReadonlySet<string>>>();
/** With everything on that its file and the defaults switch on. */
const whole = (name: string): Promise<ReadonlySet<string>> => {
  const made = known.get(name) ?? addresses(name, {});
  known.set(name, made);
  return made;
};

const none = /^nothing$/;

describe('switching off', () => {
  it.each<[setting: SettingName, environment: string, own: RegExp]>([
    ['guardduty', 'prod', /^aws_guardduty_\w+\.monitoring_threats/],
    ['guardduty_findings', 'prod', /^aws_cloudwatch_event_(rule|target)\.monitoring_threats/],
    ['cloudtrail', 'examples/marketing/prod', /monitoring_trail/],
    ['flow_logs', 'prod', /network_vpc_flow-logs/],
    ['network_acls', 'prod', /^aws_network_acl\./],
    ['container_insights', 'prod', none],
    ['xray', 'prod', /^aws_xray_/],
    ['dashboard', 'prod', /^aws_cloudwatch_dashboard\./],
    ['log_archive', 'prod', /log-archive/],
    ['db_insights', 'prod', /storage_database_insights/],
    ['cache_enabled', 'prod', /cache/],
    ['autoscale', 'prod', /^aws_appautoscaling_/],
    ['alb_logs', 'prod', none],
    ['circuit_breaker', 'prod', none],
    ['preview_header', 'prod', /preview/],
    ['execute_command', 'dev', /sessions_group|session-key/],
    ['daily_export', 'examples/marketing/prod', /daily-export/],
    ['api_key_required', 'examples/marketing/prod', /caller_api_keys/],
    // Left out, not false.
    ['budget_usd', 'prod', /^aws_budgets_budget\./],
    ['cost_anomaly_usd', 'prod', /^aws_ce_anomaly_/],
    ['memory_target', 'prod', /_memory_/],
  ])('%s of %s takes nothing else with it', async (setting, environment, own) => {
    const [settings] = await settingsOf(environment);
    const off = settings?.[setting] === true ? false : undefined;
    const [before, after] = await Promise.all([whole(environment), addresses(environment, { [setting]: off })]);
    const gone = [...before].filter((address) => !after.has(address));
    expect(gone.filter((address) => !own.test(address))).toEqual([]);
    // What it is about was there.
    expect(gone.length > 0).toBe(own !== none);
  });
});
