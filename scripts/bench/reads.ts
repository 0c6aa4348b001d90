/**
 * How long reads of tag governance take where fifty people's agents ask at once: MCP clients of both SDKs over HTTP, each signed in by
 * itself. First each asks again as soon as it is answered; then each pauses, as an agent does that reads its answer. Nothing was read
 * before, so the scans themselves are among the first calls.
 */
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateEstate } from '../../service/src/packs/tagging/sandbox/generate.ts';
import { type Agent, FirstAgent, ModernAgent } from '../../service/test/rigs/clients.ts';
import { type DemoPerson, Person } from '../../service/test/rigs/person.ts';
import { processorSeconds, type Server } from './process.ts';

const USERS = 50;
/** Milliseconds between an answer and the next question of a user. */
export const pauses = [0, 3000] as const;
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

export interface MeasuredReads {
  /** Milliseconds of each call, by tool. */
  readonly times: ReadonlyMap<string, readonly number[]>;
  /** Milliseconds of the service's processor time that a call took, which says more where others use the machine. */
  readonly cpu: number;
}

const connect = (url: string, at: number): Promise<Agent> => {
  const person = new Person(people[at % people.length] ?? 'ana');
  return at % 2 === 0 ? ModernAgent.connect(url, person) : FirstAgent.connect(url, person);
};

/** @throws ToolFailure when any call is refused: a refusal is quicker than an answer, and not what is measured */
export const measureReads = async ({ url, pid }: Server, seconds: number, pause = 0): Promise<MeasuredReads> => {
  const agents: Agent[] = [];
  for (let at = 0; at < USERS; at++) agents.push(await connect(url, at));
  // Hosts list the tools first, and from then on hold each answer against its schema.
  for (const agent of agents) await agent.tools();
  const times = new Map<string, number[]>();
  const ends = performance.now() + seconds * 1000;
  const ask = async (agent: Agent, user: number): Promise<void> => {
    // Those who pause do not begin at the same moment.
    await sleep((pause * user) / USERS);
    for (let turn = user; performance.now() < ends; turn += 1) {
      const read = reads[turn % reads.length];
      if (read === undefined) return;
      const [tool, args, note] = read;
      const began = performance.now();
      await agent.call(tool, { ...args(turn) });
      const name = note === undefined ? tool : `${tool}, ${note}`;
      times.set(name, [...(times.get(name) ?? []), performance.now() - began]);
      if (pause > 0) await sleep(pause);
    }
  };
  const before = await processorSeconds(pid);
  await Promise.all(agents.map(ask));
  const took = (await processorSeconds(pid)) - before;
  await Promise.all(agents.map((agent) => agent.close()));
  return { times, cpu: (took * 1000) / [...times.values()].flat().length };
};

/** The least of the values that this share of them does not exceed. */
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

export interface ReadsReport {
  readonly seconds: number;
  /** Of the machine, in the minute before it began. */
  readonly load: number;
  readonly runs: readonly (MeasuredReads & { readonly store: string; readonly pause: number })[];
}

const rowOf = (seconds: number, { store, pause, times, cpu }: ReadsReport['runs'][number]): string => {
  const values = [...times.values()].flat();
  const p95 = percentile(values, GOAL.share);
  const cells = [
    ...[store, pause === 0 ? 'none' : `${pause / 1000} s`, whole(values.length), whole(values.length / seconds)],
    ...[whole(percentile(values, 0.5)), whole(p95), whole(GOAL.milliseconds)],
    ...[p95 <= GOAL.milliseconds ? 'reached' : 'missed', cpu.toFixed(1)],
  ];
  return `| ${cells.join(' | ')} |`;
};

/** Markdown: p95 of all reads beside its goal, then each tool where nobody pauses. */
export const tellReads = ({ seconds, load, runs }: ReadsReport): string => {
  const hard = runs.filter(({ pause }) => pause === 0);
  const tools = [...new Set(hard.flatMap(({ times }) => [...times.keys()]))].sort();
  const cellsOf = (tool: string): string[] =>
    hard.flatMap(({ times }) => [0.5, GOAL.share].map((share) => whole(percentile(times.get(tool) ?? [], share))));
  return [
    `${USERS} clients at once for ${seconds} s on the sandbox; one core for the service and one for all of the clients, whose own time is`,
    `in the numbers. The machine had ${cpus().length} processors and a load of ${load.toFixed(1)} by others.`,
    '',
    '| store | pause after an answer | reads | reads/s | p50 ms | p95 ms | goal for p95, ms | | CPU ms a read, of the service |',
    '|---|--:|--:|--:|--:|--:|--:|---|--:|',
    ...runs.map((run) => rowOf(seconds, run)),
    '',
    `| tool, without a pause | ${hard.map(({ store }) => `${store}, p50 ms | p95 ms`).join(' | ')} |`,
    `|---|${hard.map(() => '--:|--:').join('|')}|`,
    ...tools.map((tool) => `| ${tool} | ${cellsOf(tool).join(' | ')} |`),
  ].join('\n');
};
