/** Which addresses are on the public internet: RFC 6890 and the IANA special-purpose registries say which are not. */
import { BlockList, isIPv6 } from 'node:net';

const special = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const)
  special.addSubnet(net, bits, 'ipv6');

// RFC 4291 2.4: all global unicast addresses that were ever given out. What embeds IPv4 addresses lies outside.
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');

/** @param address IPv4 or IPv6, as a resolver returns it */
export const isPublicAddress = (address: string): boolean =>
  isIPv6(address) ? global.check(address, 'ipv6') && !special.check(address, 'ipv6') : !special.check(address, 'ipv4');
