/**
 * On-demand prices in us-east-1, USD. From AWS's public price pages, as noted on `asOf`; check them again before you
 * quote a figure. Other regions cost up to 30 % more.
 */
export const asOf = '2026-11-20';
export const hoursAMonth = 730;
export const weeksAMonth = 52 / 12;

export const prices = {
  fargate: {
    X86_64: { vcpu: 0.04048, gb: 0.004445 },
    ARM64: { vcpu: 0.03238, gb: 0.00356 },
    /** A GB of ephemeral storage above the 20 that are included. */
    storageGb: 0.000111,
    /** Share of the price that Spot costs; it varies from 0.3 to 0.4. */
    spot: 0.35,
  },
  function: {
    millionRequests: 0.2,
    gbSecond: { X86_64: 0.0000166667, ARM64: 0.0000133334 },
    provisionedGbSecond: { X86_64: 0.0000041667, ARM64: 0.0000033334 },
  },
  instance: { 't3.micro': 0.0104, 't3.small': 0.0208 },
  diskGb: 0.08,
  loadBalancer: 0.0225,
  natGateway: 0.045,
  natGb: 0.045,
  /** A t4g.nano, as NAT instances are. */
  natInstance: 0.0042,
  /** A GB that crosses from one zone to another, in each direction. */
  zoneGb: 0.01,
  publicAddress: 0.005,
  interfaceEndpoint: 0.01,
  database: { 'db.t4g.micro': 0.016, 'db.t3.micro': 0.018, 'db.t4g.small': 0.032, 'db.t3.small': 0.036 },
  databaseGb: 0.115,
  cache: { redis: { 'cache.t4g.micro': 0.016 }, valkey: { 'cache.t4g.micro': 0.0128 } },
  webAcl: 5,
  webAclRule: 1,
  webAclMillionRequests: 0.6,
  apiMillionRequests: 1,
  distributionTenThousandRequests: 0.01,
  logGb: 0.5,
  alarmMetric: 0.1,
  compositeAlarm: 0.5,
  customMetric: 0.3,
  dashboard: 3,
  secret: 0.4,
  key: 1,
  zone: 0.5,
  healthCheck: 1.5,
} as const;

/** A price from one of the tables, if it has one. */
export const priceOf = (table: Readonly<Record<string, number>>, name: string): number | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
