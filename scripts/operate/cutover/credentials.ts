/** When the credentials of this session end. */
import { STSClient } from '@aws-sdk/client-sts';
import type { CredentialsEnd } from './ports.ts';

/**
 * Whoever takes a role, or signs in, has credentials for an hour or so; those that can be renewed are, before anything is
 * said to be too long for them. https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
export const sessionEnd = (region: string): CredentialsEnd => {
  const { credentials } = new STSClient({ region }).config;
  return async (needed) => {
    const { expiration } = await credentials();
    if (expiration === undefined || expiration >= needed) return expiration;
    return (await credentials({ forceRefresh: true })).expiration;
  };
};
