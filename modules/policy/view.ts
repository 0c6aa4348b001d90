/** What a policy looks at: the synthesized resources of one stack. */

/** A block of Terraform JSON. */
export type Block = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly type: string;
  /** `type.name`, as Terraform writes it. */
  readonly address: string;
  readonly block: Block;
}

/** A host that settings or tool packs say is called. */
export interface Upstream {
  /** `host` or `host:port`. */
  readonly address: string;
  /** What says so, such as the `tool pack` `tagging`. */
  readonly by: string;
  readonly what: string;
}

/** What the network of an environment gives to what runs in it, and what its settings say is called. */
export interface NetworkOffer {
  readonly region: string;
  /** TCP ports open to the internet; empty without a way there. */
  readonly internetPorts: readonly number[];
  /** Interface endpoints. */
  readonly endpoints: readonly string[];
  /** ARNs of other accounts' objects that the S3 endpoint lets read. */
  readonly readableObjects: readonly string[];
  readonly upstreams: readonly Upstream[];
  /** Domains of the environment itself, which variables name without calling the internet. */
  readonly ownDomains: readonly string[];
}

export interface StackView {
  readonly resources: readonly Resource[];
  readonly of: (...types: readonly string[]) => readonly Resource[];
  readonly data: (type: string) => readonly Resource[];
  /** All data sources. */
  readonly sources: readonly Resource[];
  readonly locals: Block;
  /** Of the provider; empty in a test without one. */
  readonly region: string;
  readonly prod: boolean;
  /** Absent where nothing runs in a network, and in a plan. */
  readonly network?: NetworkOffer | undefined;
  /** Of the region that has what an environment or an account has once. */
  readonly primary: boolean;
  /** Why a control of the best practices may fail, by its id: the operator's own reasons. */
  readonly controlReasons: Readonly<Record<string, string>>;
}

/** What a breach can be traced to. */
export interface Origin {
  /** Settings it may come from, the most specific one first. */
  readonly settings: readonly string[];
  /** The value that breaks the policy, which tells which of them it is; empty for a count. */
  readonly value: string;
  /** What to do where changing a setting is not all. */
  readonly remedy?: string;
  /** Page that says so. */
  readonly source: string;
}

/** What a policy has to know of an environment besides its resources. */
export interface Around {
  readonly network?: NetworkOffer | undefined;
  readonly primary?: boolean | undefined;
  readonly controlReasons?: Readonly<Record<string, string>> | undefined;
}

/** One way in which a resource breaks a policy. */
export interface Breach {
  readonly address: string;
  /** What is wrong, and what would be right. */
  readonly problem: string;
  /** Where it comes from, to be named with file and line. */
  readonly from?: Origin;
}

/** A named policy: answers every breach of it in a stack. */
export interface Policy {
  readonly name: string;
  readonly breaches: (view: StackView) => readonly Breach[];
}

type Tree = Readonly<Record<string, Readonly<Record<string, Block>>>>;

const flatten = (tree: Tree): Resource[] =>
  Object.entries(tree).flatMap(([type, named]) =>
    Object.entries(named).map(([name, block]) => ({ type, address: `${type}.${name}`, block })),
  );

/** @param stack Terraform JSON of a stack */
export const viewOf = (stack: unknown, prod: boolean, around: Around = {}): StackView => {
  const {
    resource = {},
    data = {},
    locals = {},
    provider = {},
  } = stack as { resource?: Tree; data?: Tree; locals?: Block; provider?: Readonly<Record<string, readonly Block[]>> };
  const resources = flatten(resource);
  const sources = flatten(data);
  // Each of many policies asks for one type or a few, mostly of nothing.
  const ofType = Map.groupBy(resources, ({ type }) => type);
  return {
    resources,
    of: (...types) => {
      const found = types.filter((type) => ofType.has(type));
      if (found.length > 1) return resources.filter(({ type }) => found.includes(type));
      return found.flatMap((type) => ofType.get(type) ?? []);
    },
    data: (type) => sources.filter((source) => source.type === type),
    sources,
    locals,
    region: String(provider.aws?.[0]?.region ?? ''),
    prod,
    network: around.network,
    primary: around.primary ?? true,
    controlReasons: around.controlReasons ?? {},
  };
};

/** Blocks that Terraform takes once stand as an object or as a list of one. */
export const inner = (block: Block, name: string): Block => {
  const value = block[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'object' && first !== null ? (first as Block) : {};
};

/** All blocks of a name, however many. */
export const inners = (block: Block, name: string): readonly Block[] => {
  const value = block[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]) as Block[];
};

/** Terraform takes true and "true" alike for some attributes. */
export const isTrue = (value: unknown): boolean => value === true || value === 'true';

/** A policy that looks at resources of some types one by one. */
export const each = (
  name: string,
  types: readonly string[],
  problemOf: (resource: Resource, view: StackView) => string | undefined,
): Policy => ({
  name,
  breaches: (view) =>
    view.of(...types).flatMap((resource) => {
      const problem = problemOf(resource, view);
      return problem === undefined ? [] : [{ address: resource.address, problem }];
    }),
});
