/** Whether two subjects are one human. A yes and a no both need evidence: what is left is not known. */
import { SERVICE_ISSUER } from '../auth/caller.ts';
import { skeletonOf } from './address.ts';

/** Somebody as an identity provider named them. */
export interface Identity {
  /** Subject, unique at its issuer. */
  readonly personId: string;
  /** Who named them so; absent where people are known from one place only. */
  readonly issuer?: string | undefined;
  /** Value of OWNER_CLAIM: the human behind the subject, the same at every issuer. */
  readonly owner?: string | undefined;
  /** Empty where the provider told none. */
  readonly email: string;
}

/** Whether it is the same subject of the same issuer, or of the same owner. An address is no proof of that. */
export const isSamePerson = (one: Identity, other: Identity): boolean => {
  if (one.owner !== undefined && one.owner === other.owner) return true;
  return one.personId === other.personId && (one.issuer ?? other.issuer) === (other.issuer ?? one.issuer);
};

/** `no-address` and `no-owner` say what is missing to tell. */
export type Likeness = 'same' | 'different' | 'no-address' | 'no-owner';

const fromElsewhere = (one: Identity, other: Identity): boolean =>
  one.issuer !== undefined && other.issuer !== undefined && one.issuer !== other.issuer;

/**
 * How two subjects relate, for who must be somebody else. `same` for a subject, an owner or an address that looks the
 * same. Across issuers only two different owners are two humans; within one, two different addresses are too.
 */
export const likenessOf = (one: Identity, other: Identity): Likeness => {
  if (isSamePerson(one, other) || one.personId === other.personId) return 'same';
  // The service itself is nobody's second name.
  if (one.issuer === SERVICE_ISSUER || other.issuer === SERVICE_ISSUER) return 'different';
  const [address, otherAddress] = [skeletonOf(one.email), skeletonOf(other.email)];
  if (address !== '' && address === otherAddress) return 'same';
  if (one.owner !== undefined && other.owner !== undefined) return 'different';
  if (fromElsewhere(one, other)) return 'no-owner';
  return address !== '' && otherAddress !== '' ? 'different' : 'no-address';
};
