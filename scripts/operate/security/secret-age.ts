/** How old secrets are, also where no setting says how old they may become. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { daysSince } from '../days.ts';
import { attention, type Check, type Judgement, ok } from '../health/check.ts';
import { type Told, vaultOn } from '../secrets/vault.ts';
import { wantedValues } from '../secrets/wanted.ts';

/** Of a secret whose environment sets no `secret_rotation_days`. */
export const USUAL_DAYS = 90;

export const judgeAge = (name: string, told: Told | undefined, limit: number | undefined, now: Date): Judgement => {
  if (told?.since === undefined) return attention(name, 'has no value: npm run secrets -- create');
  const days = daysSince(told.since, now);
  const most = limit ?? USUAL_DAYS;
  const by = limit === undefined ? 'usual, and secret_rotation_days is not set' : 'allowed by secret_rotation_days';
  return days > most
    ? attention(name, `is ${days} days old; ${most} are ${by}: npm run secrets -- rotate`)
    : ok(name, `is ${days} days old`);
};

export const secretAge: Check = {
  name: 'secret age',
  applies: (deployment) => wantedValues(deployment).length > 0,
  look: async ({ deployment, client, now }) => {
    const vault = vaultOn(client(SecretsManagerClient), deployment.region);
    const names = new Set(wantedValues(deployment).map(({ secret }) => deployment.names.secret(secret)));
    const limit = deployment.settings.secret_rotation_days;
    return Promise.all([...names].map(async (name) => judgeAge(name, await vault.tell(name), limit, now)));
  },
};
