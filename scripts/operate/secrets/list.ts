/** `secrets list`: what there is, how old it is, and what is missing. Values are looked at and never told. */
import { z } from 'zod';
import type { Host } from '../../platform/command.ts';
import { daysSince } from '../days.ts';
import type { Operated } from '../operated.ts';
import { table } from '../table.ts';
import { holdsSeveral } from './contents.ts';
import { placeOf, spreadValues } from './places.ts';
import type { Ports } from './ports.ts';
import { nameOf, type Source } from './wanted.ts';

export interface Listed {
  /** Whole name. */
  readonly secret: string;
  readonly key: string | undefined;
  readonly region: string;
  readonly source: Source;
  readonly readBy: readonly string[];
  readonly state: 'there' | 'empty' | 'no secret';
  /** Days since its value was put in; of the whole secret, where it has several keys. */
  readonly days: number | undefined;
  readonly remarks: readonly string[];
}

const Steps = z.object({
  previous: z.string().optional(),
  next: z.string().optional(),
  old_token: z.string().optional(),
});

/** Where a rotation stands. */
const stepsOf = (source: Source, text: string): string[] => {
  if (source === 'asked' || source === 'random' || holdsSeveral(source)) return [];
  try {
    const { previous, next, old_token } = Steps.parse(JSON.parse(text));
    return [
      ...(previous === undefined ? [] : ['the value before is accepted too']),
      ...(next === undefined ? [] : ['a new value waits: deploy every region, then rotate again']),
      ...(old_token === undefined ? [] : ['the token before is accepted too: rotate --retire']),
    ];
  } catch {
    return [];
  }
};

export const listSecrets = async (operated: Operated, ports: Ports, now: Date): Promise<readonly Listed[]> => {
  const rows: Promise<Listed>[] = spreadValues(operated).flatMap(({ wanted, deployments }) =>
    deployments.map(async (deployment): Promise<Listed> => {
      const { name, held, value } = await placeOf(ports, wanted, deployment);
      const { since } = (await ports.vault(deployment).tell(name)) ?? {};
      const days = value === undefined || since === undefined ? undefined : daysSince(since, now);
      const { secret_rotation_days: limit } = deployment.settings;
      return {
        secret: name,
        key: wanted.key,
        region: deployment.region,
        source: wanted.source,
        readBy: wanted.readBy,
        state: value !== undefined ? 'there' : held === undefined ? 'no secret' : 'empty',
        days,
        remarks: [
          ...stepsOf(wanted.source, held?.text ?? ''),
          ...(limit !== undefined && days !== undefined && days > limit ? [`older than ${limit} days: rotate it`] : []),
        ],
      };
    }),
  );
  return Promise.all(rows);
};

const origins: Readonly<Record<Source, string>> = {
  random: 'generated',
  sealing: 'generated, newest first',
  token: 'generated, handed to the sender of a webhook',
  'webhook-key': 'generated, or the sender’s own',
  cache: 'generated, set on the cache',
  'caller-keys': 'generated, handed to callers',
  header: 'generated, handed to Terraform',
  asked: 'asked for',
};

/** Answers the exit code: 0 all is there, 2 something is missing or due. */
export const showSecrets = (host: Host, rows: readonly Listed[]): number => {
  host.out(
    table(
      ['secret', 'region', 'state', 'days', 'read by', 'value is', 'remark'],
      rows.map(({ secret, key, region, state, days, readBy, source, remarks }) => [
        nameOf({ secret, key }),
        region,
        state,
        days === undefined ? '' : String(days),
        readBy.join(', '),
        origins[source],
        remarks.join('; '),
      ]),
    ),
  );
  const due = rows.some(({ remarks }) => remarks.some((remark) => remark.startsWith('older')));
  return due || rows.some(({ state }) => state !== 'there') ? 2 : 0;
};
