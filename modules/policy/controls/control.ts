/**
 * A control of the AWS Foundational Security Best Practices, judged from the synthesized resources of one stack.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html
 */
import type { Resource, StackView } from '../view.ts';

export interface Control {
  /** As Security Hub writes it: `RDS.20`. */
  readonly id: string;
  readonly title: string;
  /** The resources that the control is about. None: it does not apply. */
  readonly about: (view: StackView) => readonly Resource[];
  readonly holds: (resource: Resource, view: StackView) => boolean;
}

/** Addresses that fail a control; undefined where it does not apply. */
export const failing = ({ about, holds }: Control, view: StackView): readonly string[] | undefined => {
  const found = about(view);
  if (found.length === 0) return undefined;
  return found.filter((resource) => !holds(resource, view)).map(({ address }) => address);
};

/** A control over each resource of a type. */
export const on = (type: string, id: string, title: string, holds: Control['holds']): Control => ({
  id,
  title,
  about: (view) => view.of(type),
  holds,
});

/** A control over some resources of a type. */
export const onSome = (
  type: string,
  which: (resource: Resource, view: StackView) => boolean,
  id: string,
  title: string,
  holds: Control['holds'],
): Control => ({ id, title, about: (view) => view.of(type).filter((resource) => which(resource, view)), holds });

/** Whether an attribute refers to a resource. */
export const refersTo = (value: unknown, { address }: Resource): boolean =>
  JSON.stringify(value ?? '').includes(`\${${address}.`);

/** Another resource of a type that refers to this one in an attribute. */
export const pairedBy = (view: StackView, resource: Resource, type: string, attribute: string): Resource | undefined =>
  view.of(type).find(({ block }) => refersTo(block[attribute], resource));
