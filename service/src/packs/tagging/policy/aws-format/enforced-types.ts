/** What `enforced_for` of a tag policy names, as resource types of ours. */
import { type ResourceType, resourceTypeNames, resourceTypes } from '../../estate/resource-types.ts';

/** Every type of a service. The second is how it was written before 2020. */
const wholeService = new Set(['all_supported', '*']);

/** Both names of a type's service: its own prefix, and the one in ARNs and in tag policies (states, es, elasticmapreduce). */
const servicesOf = (type: ResourceType): readonly string[] => [
  type.slice(0, type.indexOf(':')),
  resourceTypes[type].service,
];

/** The types that one entry, such as `ec2:instance` or `s3:ALL_SUPPORTED`, names. Empty: none that is known here. */
export const typesNamedBy = (entry: string): readonly ResourceType[] => {
  const [service = '', kind = ''] = entry.trim().toLowerCase().split(/:(.*)/s);
  const ofService = resourceTypeNames.filter((type) => servicesOf(type).includes(service));
  return wholeService.has(kind) ? ofService : ofService.filter((type) => type.slice(type.indexOf(':') + 1) === kind);
};

/** The service of an entry, as the tag policy calls it. */
export const serviceNamedBy = (entry: string): string => entry.trim().toLowerCase().split(':')[0] ?? '';
