/** A policy document as the provider writes it, from the data source it is made of. */
import { type Block, inners } from './view.ts';

/** One value stands alone, as the provider writes it. */
const alone = (values: unknown): unknown => (Array.isArray(values) && values.length === 1 ? values[0] : values);

const conditionsOf = (statement: Block): Block | undefined => {
  const conditions: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of inners(statement, 'condition'))
    conditions[String(test)] = { ...conditions[String(test)], [String(variable)]: alone(values) };
  return Object.keys(conditions).length > 0 ? conditions : undefined;
};

const principalsOf = (statement: Block, name: string): unknown => {
  const entries = inners(statement, name).map(({ type, identifiers }) => [String(type), alone(identifiers)] as const);
  if (entries.length === 0) return undefined;
  return entries.some(([type]) => type === '*') ? '*' : Object.fromEntries(entries);
};

/** @param block of an aws_iam_policy_document */
export const documentOf = (block: Block): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: inners(block, 'statement').map((statement) => ({
      Sid: statement.sid,
      Effect: statement.effect ?? 'Allow',
      Principal: principalsOf(statement, 'principals'),
      NotPrincipal: principalsOf(statement, 'not_principals'),
      Action: alone(statement.actions),
      NotAction: alone(statement.not_actions),
      Resource: alone(statement.resources),
      NotResource: alone(statement.not_resources),
      Condition: conditionsOf(statement),
    })),
  });
