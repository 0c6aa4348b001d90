/** What the open packs offer together. Names of tools, resources, prompts and facts are one namespace over all packs. */
import type { PackContract } from '../../../contracts/packs/pack.ts';
import type { ListedAccounts } from '../accounts/gate.ts';
import type { OwnedWorker } from '../jobs/runner.ts';
import type { PromptDefinition, ResourceDefinition } from '../mcp/content.ts';
import type { Tool } from '../mcp/tool.ts';
import type { HealthFacts, HealthProbe, Pack } from './pack.ts';
import type { RecurringJob } from './recurring.ts';
import type { PackWebhook } from './webhook.ts';

/** A pack that is open, and is what its contract says. */
export interface OpenedPack {
  readonly name: string;
  readonly contract: PackContract;
  readonly pack: Pack;
}

export interface MergedPacks {
  readonly tools: readonly Tool[];
  readonly resources: readonly ResourceDefinition[];
  readonly prompts: readonly PromptDefinition[];
  /** What each upstream's pack lists. */
  readonly listed: ListedAccounts;
  readonly webhooks: readonly PackWebhook[];
  readonly workers: readonly OwnedWorker[];
  /** What comes by itself. */
  readonly jobs: readonly { readonly owner: string; readonly job: RecurringJob }[];
  /** Named `<pack>-<probe>`. */
  readonly health: Readonly<Record<string, HealthProbe>>;
  facts(): HealthFacts;
}

/** Each named thing of each pack, with the pack's name. @throws when two of them have one name */
const distinct = <T>(
  what: string,
  opened: readonly OpenedPack[],
  named: (pack: Pack, owner: string) => readonly (readonly [string, T])[],
): readonly (readonly [string, T])[] => {
  const owners = new Map<string, string>();
  return opened.flatMap(({ name: owner, pack }) => {
    const own = named(pack, owner);
    for (const [name] of own) {
      const other = owners.get(name);
      if (other !== undefined) throw new Error(`The packs ${other} and ${owner} both have the ${what} ${name}`);
      owners.set(name, owner);
    }
    return own;
  });
};

const valuesOf = <T>(named: readonly (readonly [string, T])[]): readonly T[] => named.map(([, value]) => value);

/** @throws when two packs have one name for a tool, a resource, a prompt or a fact */
export const mergePacks = (opened: readonly OpenedPack[]): MergedPacks => {
  const tools = distinct('tool', opened, ({ tools }) => tools.map((tool) => [tool.name, tool]));
  const lists = new Map(distinct('list of accounts', opened, ({ accounts = {} }) => Object.entries(accounts)));
  const facts = () => distinct('fact', opened, ({ facts }) => Object.entries(facts?.() ?? {}));
  facts();
  return {
    tools: valuesOf(tools),
    resources: valuesOf(distinct('resource', opened, ({ resources = [] }) => resources.map((one) => [one.uri, one]))),
    prompts: valuesOf(distinct('prompt', opened, ({ prompts = [] }) => prompts.map((one) => [one.name, one]))),
    listed: async (api, person) => (await lists.get(api)?.(person))?.map((account) => ({ ...account, api })),
    webhooks: valuesOf(
      distinct('webhook', opened, ({ webhooks = [] }) => webhooks.map((one) => [one.route.path, one])),
    ),
    workers: opened.flatMap(({ name: owner, pack: { workers = [] } }) => workers.map((worker) => ({ owner, worker }))),
    jobs: opened.flatMap(({ name: owner, pack: { jobs = [] } }) => jobs.map((job) => ({ owner, job }))),
    health: Object.fromEntries(
      distinct('health probe', opened, ({ health = {} }, owner) =>
        Object.entries(health).map(([name, probe]) => [`${owner}-${name}`, probe]),
      ),
    ),
    facts: () => Object.fromEntries(facts()),
  };
};
