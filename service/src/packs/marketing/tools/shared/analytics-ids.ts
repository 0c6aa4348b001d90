/** Ids of Google Analytics in their only spelling, which approvals of accounts name: digits alone. */
import { z } from 'zod';
import type { AccountRef } from '../../../../ports/accounts.ts';

const digits = (kind: string) =>
  z
    .string()
    .overwrite((text) => text.trim().replace(new RegExp(`^${kind}/`), ''))
    .refine((text) => /^\d{1,20}$/.test(text), `must be digits such as 123456789, or ${kind}/123456789`);

export const PropertyId = digits('properties').describe('123 or properties/123');
export const AccountId = digits('accounts').describe('123 or accounts/123');

export const ofAnalytics = (propertyId: string): readonly AccountRef[] => [{ api: 'Analytics', accountId: propertyId }];

/** The digits of a resource's name. */
export const lastPart = (name: string): string => name.replace(/^.*\//, '');
