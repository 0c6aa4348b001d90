/** An anchor: a signed copy of the heads of all chains at one time, kept where the service's tables are not. */
import { z } from 'zod';
import { canonicalJson, sha256 } from '../canonical.ts';
import { NO_HASH } from './chain.ts';
import type { Keyring, Mac } from './mac.ts';

/** Sequence and hash of a chain's newest record, and from which record on its head vouches for it. */
export const AnchoredHead = z.tuple([z.int(), z.string(), z.int()]);
export type AnchoredHead = z.infer<typeof AnchoredHead>;

/** Loose: the signature is over every member, also those of a newer version. */
export const AnchorContent = z.looseObject({
  version: z.int(),
  /** 1 for the first, then by one. */
  number: z.int().min(1),
  /** SHA-256 of the anchor before it, as it is kept; 64 zeros for the first. */
  previous: z.string(),
  time: z.iso.datetime(),
  /** It names every chain; else those that moved since the one before it. */
  complete: z.boolean(),
  /** By partition. */
  heads: z.record(z.string(), AnchoredHead),
  /** Until when heads that were written before heads were signed are taken over; the same in every anchor. */
  unsignedUntil: z.iso.datetime(),
});
export type AnchorContent = z.infer<typeof AnchorContent>;

const Anchor = z.object({ content: AnchorContent, signature: z.string() });

const textOf = (content: AnchorContent): string => canonicalJson(['countersign/audit-anchor/1', content]);

/** Its text, as it is kept. */
export const writeAnchor = async (mac: Mac, content: AnchorContent): Promise<string> =>
  `${JSON.stringify({ content, signature: `${mac.keyId}.${await mac.sign(textOf(content))}` })}\n`;

export const hashOfAnchor = (text: string | undefined): string => (text === undefined ? NO_HASH : sha256(text));

const parse = (text: string) => {
  try {
    return Anchor.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/** Its content, or what is wrong with it. */
export const readAnchor = async (
  keys: Keyring,
  number: number,
  text: string,
): Promise<AnchorContent | { readonly problem: string }> => {
  const anchor = parse(text);
  if (anchor === undefined) return { problem: 'it is not an anchor' };
  const [keyId, signature = ''] = anchor.signature.split('.');
  const key = keys.find((one) => one.keyId === keyId);
  if (key === undefined)
    return { problem: 'it was signed with another ENCRYPTION_KEY; give that one too, with --old-key-file' };
  if (!(await key.verify(textOf(anchor.content), signature))) return { problem: 'its signature is wrong' };
  if (anchor.content.number !== number) return { problem: `it is a copy of anchor ${anchor.content.number}` };
  return anchor.content;
};
