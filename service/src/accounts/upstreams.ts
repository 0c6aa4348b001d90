/** The upstreams with accounts of the enabled packs, and which of their calls need an approval here. */
import { type PackUpstream, packOf, upstreamsOf } from '../../../contracts/packs/index.ts';
import type { AccountApproval } from '../../../contracts/packs/pack.ts';
import { isScope, type Scope } from '../../../contracts/scopes.ts';
import type { Config } from '../config.ts';
import type { AccountRef } from '../ports/accounts.ts';

export interface AccountUpstream extends Omit<PackUpstream, 'pack' | 'approval' | 'read' | 'decide'> {
  readonly pack: string;
  readonly api: string;
  readonly approval: AccountApproval;
  readonly read: Scope;
  readonly decide: Scope;
}

export interface AccountUpstreams {
  readonly all: readonly AccountUpstream[];
  get(api: string): AccountUpstream | undefined;
  /** The account in the only spelling of its upstream: people write it as they see it elsewhere. */
  spelled<Account extends AccountRef>(account: Account): Account;
  /** The upstream of changes whose plan names none: the only one of their tool's pack. */
  onlyOf(tool: string): AccountUpstream | undefined;
  /** The pack of a tool has upstreams with accounts. */
  hasAccounts(tool: string): boolean;
  /** It is an upstream of the tool's pack. */
  isOf(tool: string, upstream: AccountUpstream): boolean;
  /** Calls to some upstream need an approval, so there is something to ask for. */
  readonly needed: boolean;
}

const approvals: readonly AccountApproval[] = ['none', 'changes', 'all'];

/** @throws naming what of the contract does not fit */
const approvalOf = (api: string, { approval }: PackUpstream, config: Config): AccountApproval => {
  const values: Readonly<Record<string, unknown>> = { ...config };
  const said = typeof approval === 'string' ? approval : values[approval.variable];
  const known = approvals.find((one) => one === said);
  if (known === undefined) throw new Error(`the upstream ${api} has no approval mode ${String(said)}`);
  return known;
};

const scopeOf = (api: string, name: string): Scope => {
  if (isScope(name)) return name;
  throw new Error(`the upstream ${api} names the unknown scope ${name}`);
};

export const openAccountUpstreams = (config: Config): AccountUpstreams =>
  toUpstreams(
    [...upstreamsOf(config.TOOL_PACKS)].map(([api, upstream]) => ({
      ...upstream,
      api,
      approval: approvalOf(api, upstream, config),
      read: scopeOf(api, upstream.read),
      decide: scopeOf(api, upstream.decide),
    })),
    (tool) => packOf('tools', tool),
  );

/** @param packOfTool the pack that a tool belongs to, if any */
export const toUpstreams = (
  all: readonly AccountUpstream[],
  packOfTool: (tool: string) => string | undefined,
): AccountUpstreams => {
  const byApi = new Map(all.map((upstream) => [upstream.api, upstream]));
  const ofTool = (tool: string): readonly AccountUpstream[] => {
    const pack = packOfTool(tool);
    return all.filter((upstream) => pack !== undefined && upstream.pack === pack);
  };
  return {
    all,
    get: (api) => byApi.get(api),
    spelled: (account) => {
      const written = account.accountId.trim();
      return { ...account, accountId: byApi.get(account.api)?.spelling?.(written) ?? written };
    },
    onlyOf: (tool) => {
      const [first, ...others] = ofTool(tool);
      return others.length === 0 ? first : undefined;
    },
    isOf: (tool, { pack }) => packOfTool(tool) === pack,
    hasAccounts: (tool) => ofTool(tool).length > 0,
    needed: all.some(({ approval }) => approval !== 'none'),
  };
};
