/**
 * How long reads of tag governance take where fifty people's agents ask at once: MCP clients of both SDKs over HTTP, each signed in by
 * itself, each asking again as soon as it is answered. Nothing was read before, so the scans themselves are among the calls.
 */
import { generateEstate } from '../../service/src/packs/tagging/sandbox/generate.ts';
import { type Agent, FirstAgent, ModernAgent } from '../../service/test/rigs/clients.ts';
import { type DemoPerson, Person } from '../../service/test/rigs/person.ts';

const USERS = 50;
/** The share of reads that is to be answered within so many milliseconds. */
const GOAL = { share: 0.95, milliseconds: 1000 } as const;
const people: readonly DemoPerson[] = ['ana', 'ben', 'vera', 'ada', 'max'];

const arns = generateEstate(new Date()).flatMap(({ arn, state }) => (state === 'terminated' ? [] : [arn]));
const from = (at: number, count: number): string[] =>
  Array.from({ length: count }, (_, each) => arns[(at + each) % arns.length] ?? '');

type Arguments = Readonly<Record<string, unknown>>;

/** What people narrow a scan to: nothing, a region, a type, both. */
const extents: readonly Arguments[] = [
  {},
  { regions: ['us-east-1'] },
  { resource_types: ['ec2:instance'] },
  { regions: ['eu-west-1'], resource_types: ['rds:db', 's3:bucket'] },
];
const extentOf = (at: number): Arguments => extents[at % extents.length] ?? {};

/** Every read of the pack that answers by itself, with the arguments of a person's nth call of it. */
const reads: readonly (readonly [tool: string, args: (at: number) => Arguments, note?: string])[] = [
  ['check_tag_compliance', extentOf],
  ['check_tag_compliance', (at) => ({ ...extentOf(at), force_refresh: true }), 'read again'],
  ['find_untagged_resources', (at) => ({ ...extentOf(at), include_costs: at % 2 === 0 })],
  ['validate_resource_tags', (at) => ({ resource_arns: from(at, 20) })],
  ['suggest_tags', (at) => ({ resource_arn: from(at, 1)[0] })],
  ['get_tagging_policy', () => ({})],
  ['generate_compliance_report', extentOf],
  ['get_violation_history', (at) => ({ days_back: 30 + (at % 60) })],
  ['get_cost_attribution_gap', (at) => ({ ...extentOf(at), group_by: 'service' })],
  ['detect_tag_drift', extentOf],
  ['preview_bulk_tagging', (at) => ({ resource_arns: from(at, 20), tags: { Owner: 'platform@example.com' } })],
  ['list_compliance_audits', () => ({})],
];

/** Milliseconds of each call, by tool. */
export type ReadTimes = ReadonlyMap<string, readonly number[]>;

const connect = (url: string, at: number): Promise<Agent> => {
  const person = new Person(people[at % people.length] ?? 'ana');
  return at % 2 === 0 ? ModernAgent.connect(url, person) : FirstAgent.connect(url, person);
};

/** @throws ToolFailure when any call is refused: a refusal is quicker than an answer, and not what is measured */
export const measureReads = async (url: string, seconds: number): Promise<ReadTimes> => {
  const agents: Agent[] = [];
  for (let at = 0; at < USERS; at++) agents.push(await connect(url, at));
  // Hosts list the tools first, and from then on hold each answer against its schema.
  for (const agent of agents) await agent.tools();
  const times = new Map<string, number[]>();
  const ends = performance.now() + seconds * 1000;
  const ask = async (agent: Agent, user: number): Promise<void> => {
    for (let turn = user; performance.now() < ends; turn += 1) {
      const read = reads[turn % reads.length];
      if (read === undefined) return;
      const [tool, args, note] = read;
      const began = performance.now();
      await agent.call(tool, { ...args(turn) });
      const name = note === undefined ? tool : `${tool}, ${note}`;
      times.set(name, [...(times.get(name) ?? []), performance.now() - began]);
    }
  };
  await Promise.all(agents.map(ask));
  await Promise.all(agents.map((agent) => agent.close()));
  return times;
};

/** The least of the values that this share of them does not exceed. */
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

export interface ReadsReport {
  readonly seconds: number;
  readonly stores: readonly { readonly store: string; readonly times: ReadTimes }[];
}

/** Markdown: p95 of all reads beside its goal, then each tool. */
export const tellReads = ({ seconds, stores }: ReadsReport): string => {
  const all = stores.map(({ store, times }) => {
    const values = [...times.values()].flat();
    const p95 = percentile(values, GOAL.share);
    const verdict = p95 <= GOAL.milliseconds ? 'reached' : 'missed';
    const rate = whole(values.length / seconds);
    return `| ${store} | ${whole(values.length)} | ${rate} | ${whole(percentile(values, 0.5))} | ${whole(p95)} | ${whole(GOAL.milliseconds)} | ${verdict} |`;
  });
  const tools = [...new Set(stores.flatMap(({ times }) => [...times.keys()]))].sort();
  const cells = (tool: string) =>
    stores.map(({ times }) => {
      const values = times.get(tool) ?? [];
      return `${whole(percentile(values, 0.5))} | ${whole(percentile(values, GOAL.share))}`;
    });
  return [
    `${USERS} clients at once for ${seconds} s on the sandbox, each asking again as soon as it is answered; one core for the service and one`,
    'for all of the clients, whose own time is in the numbers.',
    '',
    '| store | reads | reads/s | p50 ms | p95 ms | goal for p95, ms | |',
    '|---|--:|--:|--:|--:|--:|---|',
    ...all,
    '',
    `| tool | ${stores.map(({ store }) => `${store}, p50 ms | p95 ms`).join(' | ')} |`,
    `|---|${stores.map(() => '--:|--:').join('|')}|`,
    ...tools.map((tool) => `| ${tool} | ${cells(tool).join(' | ')} |`),
  ].join('\n');
};
