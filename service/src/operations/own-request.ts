/** Nobody agrees to what they asked for themselves. One human may have several subjects: see same-human.ts. */
import type { ErrorCode } from '../errors.ts';
import { type Identity, likenessOf } from './same-human.ts';

/** What is said to the person who asked. */
export interface OwnPlan {
  readonly same: string;
}

/**
 * Why somebody may not agree, where they asked for it or where it cannot be told that they did not.
 * @param withoutEmail lets people agree of whom the identity provider tells no address
 */
export const refusalOfOwn = (
  by: Identity,
  requester: Identity,
  withoutEmail: boolean,
  { same }: OwnPlan,
): { readonly code: ErrorCode; readonly message: string } | undefined => {
  const likeness = likenessOf(by, requester);
  if (likeness === 'different' || (likeness === 'no-address' && withoutEmail)) return undefined;
  if (likeness === 'same') return { code: 'self_approval_forbidden', message: same };
  const missing =
    likeness === 'no-address'
      ? 'the identity provider tells no mail address of one of you. Operator: have it send the claim email, or see APPROVE_WITHOUT_EMAIL.'
      : 'you signed in at different issuers. Operator: see OWNER_CLAIM.';
  return { code: 'access_denied', message: `It cannot be told that you are not who asked for this: ${missing}` };
};
