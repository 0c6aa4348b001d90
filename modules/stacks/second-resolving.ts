/**
 * cdktf resolves each element of a stack, merges what came out, and resolves the whole once more, which finds nothing and
 * is a twelfth of synthesis. Only what is given to `addOverride` of a stack could still be a token by then: give it values.
 * https://github.com/hashicorp/terraform-cdk/blob/v0.21.0/packages/cdktf/lib/terraform-stack.ts
 */
import { Tokenization } from 'cdktf';

/** Only the merged stack says of itself, at its top, what it was made from. */
const isMerged = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.hasOwn(value, '//');

/** @param work what makes Terraform of a stack */
export const withoutSecondResolving = <T>(work: () => T): T => {
  const { resolve } = Tokenization;
  Tokenization.resolve = (value, options) => (isMerged(value) ? value : resolve(value, options));
  try {
    return work();
  } finally {
    Tokenization.resolve = resolve;
  }
};
