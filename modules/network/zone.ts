/** One thing a zone: subnets, addresses, routes. Keyed by zone, so that adding one moves nothing. */
export type ByZone = Readonly<Record<string, string>>;

/** Applies `make` to every zone of `values`. */
export const eachZone = <T>(values: ByZone, make: (zone: string, value: string) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(values).map(([zone, value]) => [zone, make(zone, value)]));

/** A zone as part of an address in the state. */
export const inAddress = (zone: string): string => zone.replaceAll('-', '_');
