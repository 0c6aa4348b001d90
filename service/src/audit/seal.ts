/** Signatures of heads. A head's hash stands for every record before it, so one signature vouches for a whole chain. */
import type { Row } from '../../../contracts/tables.ts';
import { canonicalJson } from '../canonical.ts';
import type { Keyring, Mac } from './mac.ts';

type Head = Row<'audit-heads'>;

/**
 * `valid`: signed with a key of the ring, and vouches for the records from `from` on. `other-key`: with one that is not
 * in it. `wrong`: not what was signed. `absent`: never signed, or the signature was taken away.
 */
export type Verdict =
  | { readonly kind: 'valid'; readonly from: number }
  | { readonly kind: 'absent' | 'wrong' | 'other-key' };

const FORM = /^1\.([0-9a-f]{8})\.(\d{1,15})\.([0-9a-f]{64})$/;

const textOf = ({ userId, sequence, hash, timestamp, recordExpires }: Head, from: number): string =>
  canonicalJson(['countersign/audit-head/1', userId, sequence, hash, timestamp, recordExpires ?? null, from]);

/** @param from the first record that is vouched for: those before it were written by somebody else, or signed before */
export const sealHead = async (mac: Mac, head: Head, from: number): Promise<Head> => ({
  ...head,
  signature: `1.${mac.keyId}.${from}.${await mac.sign(textOf(head, from))}`,
});

export const checkSeal = async (keys: Keyring, head: Head): Promise<Verdict> => {
  if (head.signature === undefined || head.signature === '') return { kind: 'absent' };
  const [, keyId, first, signature = ''] = FORM.exec(head.signature) ?? [];
  if (keyId === undefined) return { kind: 'wrong' };
  const key = keys.find((one) => one.keyId === keyId);
  if (key === undefined) return { kind: 'other-key' };
  const from = Number(first);
  return (await key.verify(textOf(head, from), signature)) ? { kind: 'valid', from } : { kind: 'wrong' };
};
