/** Policy documents of the resources of a stack. */
import { type Block, inners, type Resource, type StackView } from '../view.ts';

export interface PolicyStatement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Identifiers of principals, whatever their kind. */
  readonly principals: readonly string[];
  readonly conditions: readonly Block[];
}

const listOf = (value: unknown): string[] =>
  value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);

/** The statements of the document that an attribute names. Empty where it names none of this stack. */
export const statementsOf = (view: StackView, document: unknown): readonly PolicyStatement[] => {
  const named = view
    .data('aws_iam_policy_document')
    .find(({ address }) => String(document).includes(`data.${address}.`));
  if (named === undefined) return [];
  return inners(named.block, 'statement').map((statement) => ({
    allows: statement.effect !== 'Deny',
    actions: listOf(statement.actions),
    resources: listOf(statement.resources),
    principals: inners(statement, 'principals').flatMap(({ identifiers }) => listOf(identifiers)),
    conditions: inners(statement, 'condition'),
  }));
};

/** Anybody at all may do something, without a condition. */
export const isPublic = ({ allows, principals, conditions }: PolicyStatement): boolean =>
  allows && principals.includes('*') && conditions.length === 0;

/** What the policies say that `type` resources attach to this one. */
export const attached = (view: StackView, resource: Resource, type: string, attribute: string): PolicyStatement[] =>
  view
    .of(type)
    .filter(({ block }) => String(block[attribute] ?? '').includes(`\${${resource.address}.`))
    .flatMap(({ block }) => statementsOf(view, block.policy));
