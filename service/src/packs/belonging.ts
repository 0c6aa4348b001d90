/** Compares an open pack with its contract, because the platform grants what the contract says. */
import type { PackContract, ToolContract } from '../../../contracts/packs/pack.ts';
import { occurrencesOf } from '../jobs/occurrences.ts';
import type { Tool } from '../mcp/tool.ts';
import type { Pack } from './pack.ts';
import type { RecurringJob } from './recurring.ts';
import { routeFaultsOf } from './routes.ts';

const differing = (tool: Tool, contract: ToolContract): string[] => {
  const { name, kind, scopes } = tool;
  const approve = kind === 'change' ? tool.approveScope : undefined;
  return [
    ...(kind === contract.kind ? [] : [`${name} is a ${kind}, not a ${contract.kind}`]),
    ...(scopes.length === 1 && scopes[0] === contract.scope
      ? []
      : [`${name} needs ${scopes.join(' ') || 'no scope'}, not ${contract.scope}`]),
    ...(approve === contract.approve
      ? []
      : [`${name} is countersigned with ${approve ?? 'no scope'}, not ${contract.approve ?? 'none'}`]),
  ];
};

const cronFaults = ({ name, cron, timeZone = 'UTC' }: RecurringJob): string[] => {
  try {
    occurrencesOf(cron, timeZone);
    return [];
  } catch (error) {
    return [`the job ${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
};

/** Names of workers and jobs are kept in the tables, so each means one. */
const jobFaults = ({ workers = [], jobs = [] }: Pick<Pack, 'workers' | 'jobs'>): string[] => {
  const named = workers.map(({ name }) => name);
  const twice = (names: readonly string[]) => names.filter((name, place) => names.indexOf(name) !== place);
  return [
    ...twice(named).map((name) => `the worker ${name} is there twice`),
    ...twice(jobs.map(({ name }) => name)).map((name) => `the job ${name} is there twice`),
    ...jobs
      .filter(({ worker }) => !named.includes(worker))
      .map(({ name, worker }) => `the job ${name} is for ${worker}, which is none of its workers`),
    ...jobs.flatMap(cronFaults),
  ];
};

/** What is wrong, one line each; nothing for a pack as it should be. */
export const faultsOf = ({ tools: declared, accounts, routes = {} }: PackContract, pack: Pack): string[] => {
  const { tools } = pack;
  const names = new Set<string>(tools.map(({ name }) => name));
  return [
    ...tools.flatMap((tool, place) => {
      const contract = Object.hasOwn(declared, tool.name) ? declared[tool.name] : undefined;
      if (contract === undefined) return [`${tool.name} is not one of its tools`];
      if (tools.findIndex(({ name }) => name === tool.name) !== place) return [`${tool.name} is there twice`];
      return differing(tool, contract);
    }),
    ...Object.keys(declared)
      .filter((name) => !names.has(name))
      .map((name) => `${name} is missing`),
    ...Object.keys(pack.accounts ?? {})
      .filter((api) => 'none' in accounts || !Object.hasOwn(accounts.upstreams, api))
      .map((api) => `it lists accounts of ${api}, which is not one of its upstreams`),
    ...routeFaultsOf(routes, pack),
    ...jobFaults(pack),
  ];
};
