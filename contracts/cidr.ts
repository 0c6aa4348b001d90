/** Arithmetic on IPv4 CIDR blocks. */

interface Block {
  readonly first: number;
  readonly last: number;
}

/** First and last address of a block, as numbers. The text must be a valid CIDR block. */
const block = (cidr: string): Block => {
  const [address = '', bits = '32'] = cidr.split('/');
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(value / size) * size;
  return { first, last: first + size - 1 };
};

/** Length of the prefix: 16 of 10.0.0.0/16. */
export const prefixLength = (cidr: string): number => Number(cidr.split('/')[1]);

/** Whether the address before the slash is the first of its block; AWS refuses others. */
export const isCanonical = (cidr: string): boolean => {
  const [address = ''] = cidr.split('/');
  return block(`${address}/32`).first === block(cidr).first;
};

/** The block itself, from its first address on: 10.0.1.0/24 of 10.0.1.7/24. */
export const canonical = (cidr: string): string => {
  const { first } = block(cidr);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefixLength(cidr)}`;
};

/** Whether all of `inner` lies in `outer`. */
export const cidrContains = (outer: string, inner: string): boolean => {
  const [a, b] = [block(outer), block(inner)];
  return a.first <= b.first && b.last <= a.last;
};

export const overlaps = (one: string, other: string): boolean => {
  const [a, b] = [block(one), block(other)];
  return a.first <= b.last && b.first <= a.last;
};

// RFC 1918 section 3: what a private network may use.
const privateBlocks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] as const;
export const isPrivate = (cidr: string): boolean => privateBlocks.some((outer) => cidrContains(outer, cidr));
