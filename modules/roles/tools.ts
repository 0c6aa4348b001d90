/** What the tools of the enabled packs need, from what each of them declares. */
import type { Assumed } from '../../contracts/packs/index.ts';
import type { ActionContract, PackContract, Reach } from '../../contracts/packs/pack.ts';
import { equals, type Statement } from './statement.ts';

/** What the tools of one pack need. */
export interface PackTools {
  readonly contract: PackContract;
  /** Regions that what they write is held to. */
  readonly regions: readonly string[];
  readonly assumed?: Omit<Assumed, 'pack'> | undefined;
  /** What is chosen of its upstream. Default: everything. */
  readonly chosen?: readonly string[] | undefined;
  /** The environment's settings, of which an action's `where` names some. Default: all of those are on. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

export interface ToolsProps {
  readonly packs: readonly PackTools[];
  readonly accountId: string;
  /** Countersign's own resources, which the tools may not change: by their Project tag, buckets by their ARN. */
  readonly own: { readonly project: string; readonly bucketArns: readonly string[] };
}

/** How the sids of the tools' statements begin: they ask in every region of the estate. */
export const estateSid = 'Estate';

/** An action of a pack, with what the pack lets it touch: another pack's reach for the same action is its own affair. */
interface Reaching extends Omit<ActionContract, 'reach'> {
  readonly action: string;
  readonly reach: Reach;
}

/** The widest of what an action may touch for some values; undefined where it is for none of them. */
const widest = (reaches: readonly Reach[]): Reach | undefined =>
  reaches.find((reach) => typeof reach === 'string') ?? (reaches.length === 0 ? undefined : reaches.flat());

const reachWith = ({ reach }: ActionContract, chosen: readonly string[] | undefined): Reach | undefined =>
  typeof reach === 'string' || !('chosen' in reach)
    ? reach
    : widest(
        Object.entries(reach.chosen).flatMap(([value, of]) =>
          chosen === undefined || chosen.includes(value) ? [of] : [],
        ),
      );

const isOn = ({ where }: ActionContract, settings: PackTools['settings']): boolean =>
  where === undefined || settings === undefined || where.some((name) => settings[name] === true);

/**
 * Every action that some tool of the pack declares, without those of what is not chosen or not on.
 * @throws for one without a reach
 */
export const declaredActions = ({
  contract: { tools, actions = {} },
  chosen,
  settings,
}: Pick<PackTools, 'contract' | 'chosen' | 'settings'>): readonly Reaching[] =>
  [...new Set(Object.values(tools).flatMap((tool) => tool.actions))].flatMap((action) => {
    const contract = actions[action];
    if (contract === undefined) throw new Error(`${action} is declared by a tool and has no reach in its pack`);
    const reach = reachWith(contract, chosen);
    return reach === undefined || !isOn(contract, settings) ? [] : [{ action, ...contract, reach }];
  });

/** ARNs the action may touch in an account; undefined for every resource. */
const reachOf = ({ reach }: Reaching, accountId: string): readonly string[] | undefined =>
  typeof reach === 'string' ? undefined : reach.map((arn) => arn.replace('{account}', accountId));

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

/**
 * One statement for actions that IAM lets name no resource, one for those on ARNs, and one for buckets, whose ARN names
 * no account. An action reaches the ARNs of its own service only, so together they are as narrow as apart, and shorter:
 * AWS counts every character.
 */
const byReach = (sid: string, actions: readonly Reaching[], accountId: string): Statement[] => {
  const reaching = actions.map((one) => ({ action: one.action, arns: reachOf(one, accountId) }));
  const bounded = reaching.filter(({ arns }) => arns !== undefined);
  const [buckets, others] = [true, false].map((s3) => bounded.filter(({ action }) => action.startsWith('s3:') === s3));
  const statement = (name: string, members: typeof reaching = []): Statement => ({
    sid: `${sid}${name}`,
    actions: sorted(members.map(({ action }) => action)),
    resources: sorted(members.flatMap(({ arns }) => arns ?? ['*'])),
  });
  return [
    statement(
      'Everywhere',
      reaching.filter(({ arns }) => arns === undefined),
    ),
    statement('Resources', others),
    // A bucket policy of another account may let this one in.
    { ...statement('Buckets', buckets), conditions: [equals('aws:ResourceAccount', accountId)] },
  ].filter((made) => made.actions.length > 0);
};

const inRegions = (statement: Statement, regions: readonly string[]): Statement => ({
  ...statement,
  conditions: [...(statement.conditions ?? []), equals('aws:RequestedRegion', ...regions)],
});

/**
 * The region of what belongs to a whole account: CloudFront, Route 53.
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
 */
const GLOBAL_REGION = 'us-east-1';

/** What is written, in the pack's regions; and in the region of what is global where some of it is. */
const writeStatements = (
  sid: string,
  writes: readonly Reaching[],
  accountId: string,
  regions: readonly string[],
): readonly Statement[] => {
  const [global = [], regional = []] = [true, false].map((whole) =>
    writes.filter((one) => (one.global === true) === whole),
  );
  // What names no resource is asked there too, beside the action of the service, which alone says what may be written.
  const everywhere = global.length === 0 ? regions : sorted([...regions, GLOBAL_REGION]);
  return [
    ...byReach(sid, regional, accountId).map((statement) =>
      inRegions(statement, statement.resources.includes('*') ? everywhere : regions),
    ),
    ...byReach(`${sid}Global`, global, accountId).map((statement) => inRegions(statement, [GLOBAL_REGION])),
  ];
};

const assume = (sid: string, accountId: string, { accounts, role, externalId }: Omit<Assumed, 'pack'>): Statement => ({
  sid,
  actions: ['sts:AssumeRole'],
  resources: accounts
    .filter((account) => account !== accountId)
    .map((account) => `arn:aws:iam::${account}:role/${role}`),
  ...(externalId !== undefined && { conditions: [equals('sts:ExternalId', externalId)] }),
});

/** A tag decides who may do what, and whose bill it is: nobody changes Countersign's own through Countersign. */
const denyOwn = (writes: readonly Reaching[], { own }: Pick<ToolsProps, 'own'>): Statement[] => {
  const names = sorted(writes.map(({ action }) => action));
  const ofOwn = (sid: string, actions: readonly string[], rest: Pick<Statement, 'resources' | 'conditions'>) =>
    actions.length === 0 ? [] : [{ sid, effect: 'Deny' as const, actions, ...rest }];
  return [
    ...ofOwn(
      'DenyOwnTags',
      names.filter((action) => !action.startsWith('s3:') && !action.startsWith('tag:')),
      {
        resources: ['*'],
        conditions: [
          equals('aws:ResourceTag/ManagedBy', 'countersign'),
          equals('aws:ResourceTag/Project', own.project),
        ],
      },
    ),
    ...ofOwn(
      'DenyOwnBuckets',
      names.filter((action) => action.startsWith('s3:')),
      { resources: own.bucketArns },
    ),
  ];
};

/** Stands for the account that a role of `memberStatements` is in, until whoever writes the role down fills it in. */
export const memberAccount = '{account}';

/**
 * What the role of a member account allows the tools of one pack: what they ask there, in two parts because not every account is
 * one to write in. Actions of `homeOnly`, and the assuming itself, are the service's own role's.
 */
export const memberStatements = (
  { regions, ...pack }: Pick<PackTools, 'contract' | 'regions' | 'chosen'>,
  project: string,
): { readonly read: readonly Statement[]; readonly write: readonly Statement[] } => {
  const asked = declaredActions(pack).filter(({ reach, homeOnly }) => reach !== 'assumed' && homeOnly !== true);
  const [writes, reads] = [true, false].map((writing) => asked.filter((one) => (one.writes === true) === writing));
  return {
    read: byReach('Read', reads ?? [], memberAccount),
    write: [
      ...writeStatements('Write', writes ?? [], memberAccount, regions),
      // Countersign may run in the account too, and tags decide who may change it.
      ...denyOwn(writes ?? [], { own: { project, bucketArns: [] } }).filter(({ resources }) => resources.length > 0),
    ],
  };
};

const ofPack = (pack: PackTools, place: number, { accountId }: ToolsProps): Statement[] => {
  const { regions, assumed } = pack;
  // A sid is one role's alone; the first pack's stays as it is when another joins.
  const sid = place === 0 ? estateSid : `${estateSid}${place + 1}`;
  const declared = declaredActions(pack);
  const reaching = declared.filter(({ reach }) => reach !== 'assumed');
  return [
    ...byReach(
      `${sid}Read`,
      reaching.filter(({ writes }) => writes !== true),
      accountId,
    ),
    ...writeStatements(
      `${sid}Write`,
      reaching.filter(({ writes }) => writes === true),
      accountId,
      regions,
    ),
    ...(assumed !== undefined && declared.some(({ reach }) => reach === 'assumed')
      ? [assume(`${sid}AssumeRole`, accountId, assumed)]
      : []),
  ];
};

/**
 * Of each pack: reads wherever its tools look, writes in its regions only, and its roles of other accounts. What one pack may reach
 * by an action is not what another may.
 */
export const toolStatements = (props: ToolsProps): readonly Statement[] => {
  const writes = props.packs.flatMap(declaredActions).filter((one) => one.writes === true);
  return [...props.packs.flatMap((pack, place) => ofPack(pack, place, props)), ...denyOwn(writes, props)];
};
