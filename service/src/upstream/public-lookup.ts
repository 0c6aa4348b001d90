/**
 * The guard against addresses that people name to reach what is inside (server-side request forgery). A name is resolved in the
 * connection itself and only to public addresses, so nothing inside gets even a TCP connection, and a name that resolves to
 * something else a moment later gains nothing.
 */
import dns, { type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

export interface AddressGuard {
  /** All addresses of a name. */
  readonly resolve: (name: string) => Promise<readonly LookupAddress[]>;
  readonly isPublic: (address: string) => boolean;
}

/** Its code is what a failure is called. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = 'ADDRESS_REFUSED';
}

const resolveAll: AddressGuard['resolve'] = (name) =>
  new Promise((resolve, reject) => {
    dns.lookup(name, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

export const publicAddresses: AddressGuard = { resolve: resolveAll, isPublic: isPublicAddress };

export const publicLookup =
  ({ resolve, isPublic }: AddressGuard): LookupFunction =>
  (name, { all }, done) => {
    resolve(name)
      .then((addresses) => {
        const reachable = addresses.filter(({ address }) => isPublic(address));
        const [first] = reachable;
        if (!first) throw new AddressRefused('the name has no public address; nothing is connected');
        if (all) done(null, [...reachable]);
        else done(null, first.address, first.family);
      })
      .catch((error: Error) => done(error, ''));
  };

/** Whether the host is an address, which no look-up would see, and none of the public internet. */
export const isRefusedLiteral = (hostname: string, { isPublic }: AddressGuard): boolean => {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) !== 0 && !isPublic(address);
};
