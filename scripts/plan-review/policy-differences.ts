/** An IAM policy that changes is told by what it comes to allow and ceases to allow, not as two walls of JSON. */
import { z } from 'zod';

const Texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const Statement = z.looseObject({
  Effect: z.string().default('Allow'),
  Action: Texts.optional(),
  NotAction: Texts.optional(),
  Resource: Texts.optional(),
  NotResource: Texts.optional(),
  Principal: z.unknown().optional(),
  Condition: z.unknown().optional(),
});
const Policy = z.looseObject({
  Statement: z.union([Statement, z.array(Statement)]).transform((value) => [value].flat()),
});

/** The statements of a policy document, or undefined for any other text. */
export const statementsOf = (text: unknown): z.infer<typeof Statement>[] | undefined => {
  if (typeof text !== 'string' || !text.trimStart().startsWith('{')) return undefined;
  try {
    return Policy.safeParse(JSON.parse(text)).data?.Statement;
  } catch {
    return undefined;
  }
};

const told = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** One line for every action and resource a statement speaks of. */
const grants = (text: unknown): Set<string> => {
  const lines = (statementsOf(text) ?? []).flatMap((statement) => {
    const { Effect, Action = [], NotAction = [], Resource = [], NotResource = [], Principal, Condition } = statement;
    const who = Principal === undefined ? '' : ` to ${told(Principal)}`;
    const when = Condition === undefined ? '' : ` if ${told(Condition)}`;
    const actions = [...Action, ...NotAction.map((action) => `all but ${action}`)];
    const resources = [...Resource, ...NotResource.map((resource) => `all but ${resource}`)];
    return actions.flatMap((action) =>
      (resources.length > 0 ? resources : ['']).map(
        (resource) => `${Effect} ${action}${resource === '' ? '' : ` on ${resource}`}${who}${when}`,
      ),
    );
  });
  return new Set(lines);
};

/** How many permissions a document gives, where what it becomes is not known yet. */
export const policySummary = (text: unknown): string | undefined => {
  if (statementsOf(text) === undefined) return undefined;
  const { size } = grants(text);
  return `${size} permission${size === 1 ? '' : 's'}`;
};

/** Undefined when neither side is a policy document, or when both permit the same. */
export const policyDifferences = (
  path: string,
  before: unknown,
  after: unknown,
): { path: string; before?: string; after?: string }[] | undefined => {
  if (statementsOf(before) === undefined && statementsOf(after) === undefined) return undefined;
  const [old, fresh] = [grants(before), grants(after)];
  const lines = [
    ...[...fresh].filter((line) => !old.has(line)).map((line) => ({ path, after: line })),
    ...[...old].filter((line) => !fresh.has(line)).map((line) => ({ path, before: line })),
  ];
  return lines.length > 0 ? lines : undefined;
};
