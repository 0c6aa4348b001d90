/** All that is read back of an environment while it stands. */
import type { Settings } from '../../contracts/settings/resolve.ts';
import { clientsOf } from './clients.ts';
import type { Standing } from './emulated.ts';
import { type ComputeSeen, readCompute } from './readback/compute.ts';
import { type IngressSeen, readIngress } from './readback/ingress.ts';
import { type NetworkSeen, readNetwork } from './readback/network.ts';
import { type OperationsSeen, readOperations } from './readback/operations.ts';
import { readStores, type StoresSeen } from './readback/stores.ts';

export interface RegionSeen {
  readonly settings: Settings;
  /** Absent without a VPC. */
  readonly network?: NetworkSeen | undefined;
  readonly stores: StoresSeen;
  readonly compute: ComputeSeen;
  readonly ingress: IngressSeen;
  readonly operations: OperationsSeen;
}
const readRegion = async (url: string, settings: Settings): Promise<RegionSeen> => {
  const clients = clientsOf(url, settings.regions[0] ?? '');
  try {
    const [network, stores, compute, ingress, operations] = await Promise.all([
      readNetwork(clients, settings.name_prefix),
      readStores(clients),
      readCompute(clients),
      readIngress(clients),
      readOperations(clients),
    ]);
    return { settings, network, stores, compute, ingress, operations };
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
};

/** What is there in each region, the primary one first. */
export const look = ({ regions, emulator }: Standing): Promise<readonly RegionSeen[]> =>
  Promise.all(regions.map((settings) => readRegion(emulator.url, settings)));

/** What was read back of an environment. Rejects where it could not be applied. */
export type Told = (environment: string) => Promise<readonly RegionSeen[]>;

/** In its primary region. */
export const primary = async (told: Told, environment: string): Promise<RegionSeen> => {
  const [first] = await told(environment);
  if (first === undefined) throw new Error(`${environment} has no region`);
  return first;
};
