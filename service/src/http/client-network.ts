/** Which network an address belongs to, for limits: whoever has one IPv6 address has all of its /64. */
import { isIPv6 } from 'node:net';

/** Eight groups of an IPv6 address. An IPv4 part and a zone are understood. */
const groupsOf = (address: string): readonly string[] => {
  const [bare = ''] = address.split('%', 1);
  // The URL parser writes every spelling in one: lower case, hexadecimal, shortest.
  const { hostname } = new URL(`http://[${bare}]`);
  const [left = '', right] = hostname.slice(1, -1).split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const [first, last] = [groups(left), groups(right)];
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => '0'), ...last];
};

const octets = (group: string | undefined): string => {
  const value = Number.parseInt(group ?? '0', 16);
  return `${value >> 8}.${value & 255}`;
};

/** An IPv4 address stands for itself, also where it is written as IPv6 (RFC 4291 2.5.5.2); of IPv6 the /64 counts. */
export const networkOf = (address: string): string => {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  const isMapped = groups[5] === 'ffff' && groups.slice(0, 5).every((group) => group === '0');
  return isMapped ? `${octets(groups[6])}.${octets(groups[7])}` : `${groups.slice(0, 4).join(':')}::/64`;
};
