/** What the tools of the enabled packs need, from what each of them declares. */
import { isWriteAction, type PackName, packs, type ToolAction } from '../../contracts/packs.ts';
import { reachOf } from './reach.ts';
import { equals, type Statement } from './statement.ts';

export interface Estate {
  /** Accounts the tools may read and tag. Empty: the own one. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** Role of the other accounts, and what they demand to hear. */
  readonly roleName: string;
  readonly externalId?: string | undefined;
}

export interface ToolsProps {
  readonly packs: readonly PackName[];
  readonly accountId: string;
  readonly estate: Estate;
  /** Countersign's own resources, whose tags the tools may not change: by their Project tag, buckets by their ARN. */
  readonly own: { readonly project: string; readonly bucketArns: readonly string[] };
}

/** How the sids of the tools' statements begin: they ask in every region of the estate. */
export const estateSid = 'Estate';

type Reaching = Exclude<ToolAction, 'sts:AssumeRole'>;

/** Every action that some tool of the packs declares. */
export const declaredActions = (names: readonly PackName[]): readonly ToolAction[] => [
  ...new Set(
    names
      .flatMap((name) => Object.values<{ actions: readonly ToolAction[] }>(packs[name].tools))
      .flatMap((tool) => tool.actions),
  ),
];

/** Actions of the same reach in one statement each, `Everywhere` for those that IAM lets name no resource. */
const byReach = (sid: string, actions: readonly Reaching[], accountId: string): Statement[] => {
  const groups = Map.groupBy(actions, (action) => reachOf(action, accountId)?.join() ?? '');
  return [...groups].map(([reach, members]) => {
    const [first = ''] = members;
    const bounded = reach !== '';
    return {
      sid: bounded
        ? `${sid}${first.replace(':', '').replace(/^./, (letter) => letter.toUpperCase())}`
        : `${sid}Everywhere`,
      actions: [...members].sort(),
      resources: bounded ? reach.split(',') : ['*'],
      // An ARN of S3 names no account, and a bucket policy may let this one in.
      ...(bounded && first.startsWith('s3:') && { conditions: [equals('aws:ResourceAccount', accountId)] }),
    };
  });
};

const inRegions = (statement: Statement, regions: readonly string[]): Statement => ({
  ...statement,
  conditions: [...(statement.conditions ?? []), equals('aws:RequestedRegion', ...regions)],
});

const assume = ({ accountId, estate }: ToolsProps): Statement => ({
  sid: `${estateSid}AssumeRole`,
  actions: ['sts:AssumeRole'],
  resources: estate.accounts
    .filter((account) => account !== accountId)
    .map((account) => `arn:aws:iam::${account}:role/${estate.roleName}`),
  ...(estate.externalId !== undefined && { conditions: [equals('sts:ExternalId', estate.externalId)] }),
});

/** A tag decides who may do what, and whose bill it is: nobody changes Countersign's own through Countersign. */
const denyOwn = (writes: readonly Reaching[], { own }: ToolsProps): Statement[] => [
  {
    sid: 'DenyOwnTags',
    effect: 'Deny',
    actions: writes.filter((action) => !action.startsWith('s3:') && !action.startsWith('tag:')),
    resources: ['*'],
    conditions: [equals('aws:ResourceTag/ManagedBy', 'countersign'), equals('aws:ResourceTag/Project', own.project)],
  },
  {
    sid: 'DenyOwnBuckets',
    effect: 'Deny',
    actions: writes.filter((action) => action.startsWith('s3:')),
    resources: own.bucketArns,
  },
];

/** Reads wherever the tools look, writes in the estate's regions only, and roles of the estate's other accounts. */
export const toolStatements = (props: ToolsProps): readonly Statement[] => {
  const { accountId, estate } = props;
  const declared = declaredActions(props.packs);
  const reaching = declared.filter((action): action is Reaching => action !== 'sts:AssumeRole');
  const writes = reaching.filter(isWriteAction);
  const reads = reaching.filter((action) => !isWriteAction(action));
  return [
    ...byReach(`${estateSid}Read`, reads, accountId),
    ...byReach(`${estateSid}Write`, writes, accountId).map((statement) => inRegions(statement, estate.regions)),
    ...(declared.includes('sts:AssumeRole') ? [assume(props)] : []),
    ...denyOwn(writes, props),
  ];
};
