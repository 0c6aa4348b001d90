/** Every resource type that the service can list. `estate_types` chooses which of them it does. */
import { z } from 'zod';
import { analyticsTypes } from './analytics.ts';
import { applicationTypes } from './applications.ts';
import { databaseTypes } from './databases.ts';
import { deliveryTypes } from './delivery.ts';
import { firstTypes } from './first.ts';
import { modelTypes } from './models.ts';
import { networkTypes } from './network.ts';
import { storageTypes } from './storage.ts';
import { trafficTypes } from './traffic.ts';
import type { ResourceTypeContract } from './type.ts';
import { watchingTypes } from './watching.ts';

export const taggableTypes = {
  ...firstTypes,
  ...networkTypes,
  ...storageTypes,
  ...databaseTypes,
  ...trafficTypes,
  ...watchingTypes,
  ...analyticsTypes,
  ...applicationTypes,
  ...deliveryTypes,
  ...modelTypes,
} satisfies Record<string, ResourceTypeContract>;

export type TaggableType = keyof typeof taggableTypes;

/** The types that are enabled where none is chosen. */
const namesOf = <T extends object>(types: T) => Object.keys(types) as [keyof T & string, ...(keyof T & string)[]];

export const taggableTypeNames = namesOf(taggableTypes);
export const firstTypeNames = namesOf(firstTypes);

/** The word that chooses every type. */
export const everyType = 'all';

/** One choice of types. */
export const typeChoice = z.enum([...taggableTypeNames, everyType], {
  error: 'must be a resource type such as dynamodb:table, or all',
});
export type TypeChoice = z.infer<typeof typeChoice>;

/** The types that a list of choices enables, in the order of the table. */
export const enabledTypes = (choices: readonly TypeChoice[]): readonly TaggableType[] => {
  if (choices.length === 0) return firstTypeNames;
  return choices.includes(everyType) ? taggableTypeNames : taggableTypeNames.filter((type) => choices.includes(type));
};

/** Whether AWS lets anybody tag resources of a type. Of one that the service cannot list it is taken for granted. */
export const hasTags = (type: string): boolean => {
  const contracts: Readonly<Record<string, ResourceTypeContract>> = taggableTypes;
  return !Object.hasOwn(contracts, type) || contracts[type]?.set !== undefined;
};

/** Whether the type belongs to a whole account rather than to a region. */
export const isGlobal = (type: TaggableType): boolean => {
  const contract: ResourceTypeContract = taggableTypes[type];
  return contract.global === true;
};
