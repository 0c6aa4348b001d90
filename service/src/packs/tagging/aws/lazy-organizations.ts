/** Tag policies of AWS, whose client is loaded when somebody asks for one: most starts never do. */
import type { Organizations } from '../policy/organizations.ts';
import type { OrganizationsParts } from './organizations.ts';

export const lazyOrganizations = (parts: OrganizationsParts): Organizations => {
  let opened: Promise<Organizations> | undefined;
  const open = (): Promise<Organizations> => {
    opened ??= import('./organizations.ts').then(({ createOrganizations }) => createOrganizations(parts));
    return opened;
  };
  return {
    list: async (signal) => (await open()).list(signal),
    read: async (policyId, signal) => (await open()).read(policyId, signal),
    effective: async (signal) => (await open()).effective(signal),
    attached: async (signal) => (await open()).attached(signal),
    required: async (signal) => (await open()).required(signal),
  };
};
