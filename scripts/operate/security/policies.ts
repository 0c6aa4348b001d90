/** What a policy of IAM allows without a bound. */
import { z } from 'zod';

const texts = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat());
const Statement = z.looseObject({
  Effect: z.string(),
  Action: texts.optional(),
  NotAction: texts.optional(),
  Resource: texts.optional(),
  NotResource: texts.optional(),
  Condition: z.record(z.string(), z.unknown()).optional(),
});
type Statement = z.infer<typeof Statement>;
const Document = z.looseObject({
  Statement: z.union([Statement, z.array(Statement)]).transform((given) => [given].flat()),
});

const isEverything = (resources: readonly string[] = []): boolean => resources.includes('*');
const isBounded = ({ Condition = {} }: Statement): boolean => Object.keys(Condition).length > 0;

/** Actions that hand on what others may do, so that a resource of their own is no detail. */
const handing = ['iam:PassRole', 'sts:AssumeRole'];

const wildcardsOf = (statement: Statement): string[] => {
  const { Effect, Action = [], NotAction, Resource, NotResource } = statement;
  if (Effect !== 'Allow') return [];
  const everywhere = isEverything(Resource) || NotResource !== undefined;
  const everything = Action.filter((action) => action === '*' || action === '*:*').map(() => 'every action');
  const unbounded = !everywhere || isBounded(statement) ? [] : Action.filter((action) => /^[\w-]+:\*$/.test(action));
  const handed = !everywhere || isBounded(statement) ? [] : Action.filter((action) => handing.includes(action));
  const others = NotAction === undefined ? [] : [`every action but ${NotAction.join(', ')}`];
  return [...everything, ...others, ...[...unbounded, ...handed].map((action) => `${action} on every resource`)];
};

/** A document as IAM hands it out, which is encoded for URLs. */
const parsed = (text: string): unknown => JSON.parse(text.startsWith('%') ? decodeURIComponent(text) : text);

/**
 * What a policy allows in general, in words; empty where each action or its resources are named, or a condition bounds them.
 * @throws where it is no policy
 */
export const wildcardsIn = (document: string): readonly string[] =>
  Document.parse(parsed(document)).Statement.flatMap(wildcardsOf);
