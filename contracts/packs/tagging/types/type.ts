/** How a resource type is declared: which IAM actions it takes to list it and to tag it. */

/** What an action may touch. everywhere: IAM lets it name no resource (Service Authorization Reference). */
export type TypeReach = 'everywhere' | readonly string[];

/** Actions, each with what it may touch. {account} stands for the account that is looked at. */
export type TypeActions<Reach extends TypeReach = TypeReach> = Readonly<Record<string, Reach>>;

export interface ResourceTypeContract {
  /** Its name for people. */
  readonly label: string;
  /** It belongs to a whole account, and us-east-1 answers for it, whichever regions are enabled. */
  readonly global?: true;
  /** What it takes to list resources of the type, and to read the tags of some. */
  readonly list: TypeActions;
  /** What it takes beside that to tell where a resource of the type runs, to suggest tags from. Absent: it is not told. */
  readonly surroundings?: TypeActions;
  /** What it takes to set tags: first the action that the tagging API asks for. Absent: AWS lets nobody tag it. */
  readonly set?: TypeActions<readonly string[]>;
  /** What it takes to remove tags: first the action that the tagging API asks for. */
  readonly remove?: TypeActions<readonly string[]>;
}

/**
 * Declares resource types of one group of services. Register the group in index.ts, and a driver of each type in
 * service/src/packs/tagging/aws/types/index.ts: it does not compile without.
 * @example
 * const queue = ['arn:aws:sqs:*:{account}:*'];
 *
 * export const messagingTypes = declareTypes({
 *   'sqs:queue': {
 *     label: 'SQS queue',
 *     list: { 'sqs:ListQueues': 'everywhere', 'sqs:ListQueueTags': queue },
 *     set: { 'sqs:TagQueue': queue },
 *     remove: { 'sqs:UntagQueue': queue },
 *   },
 * });
 */
export const declareTypes = <const T extends Readonly<Record<string, ResourceTypeContract>>>(types: T): T => types;
