/** A name and the environment it moves to. */
import { Route53Client } from '@aws-sdk/client-route-53';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { type Host, nowOf } from '../../platform/host.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { type Move, type MoveStore, openMoveStore } from './move.ts';
import { answersOf, change, recordsOf } from './records.ts';
import type { Seen, Step } from './steps.ts';
import { balancerOf } from './target.ts';

export interface Opened {
  readonly name: string;
  readonly zone: string;
  /** ARN of who runs the command. */
  readonly by: string;
  /** Undefined before the first start. */
  readonly move: Move | undefined;
  look(now: Date): Promise<Seen>;
  remember(move: Move): Promise<void>;
  /** Does a step and remembers it. Answers the move as it is then. */
  take(move: Move, step: Step): Promise<Move>;
}

/** @throws OperatorProblem where the name is Terraform's */
const movable = ({ settings }: Deployment): { readonly name: string; readonly zone: string } => {
  const { domain_name: name, hosted_zone_id: zone, domain_record } = settings;
  if (domain_record === 'move' && name !== undefined && zone !== undefined) return { name, zone };
  throw new OperatorProblem(
    `Terraform makes the record of ${name ?? 'domain_name'}. A name that leads to an older server until it is moved has domain_record = "move" from the first deployment on.`,
  );
};

export const openMove = async (host: Pick<Host, 'now'>, deployment: Deployment): Promise<Opened> => {
  const { name, zone } = movable(deployment);
  const store: MoveStore = openMoveStore(deployment);
  const move = await store.read();
  if (move !== undefined && move.name !== name)
    throw new OperatorProblem(`The settings name ${name}, and ${move.name} is moving: finish that first.`);
  const { Arn: by = 'unknown' } = await new STSClient({ region: deployment.region }).send(
    new GetCallerIdentityCommand({}),
  );
  const client = new Route53Client({ region: deployment.region });
  return {
    name,
    zone,
    by,
    move,
    look: async (now) => {
      const balancer = await balancerOf(deployment);
      return { answers: answersOf(await recordsOf(client, zone, name), balancer), balancer, now };
    },
    remember: (next) => store.write(next),
    take: async (current, { what, changes, after }) => {
      if (changes.length > 0) await change(client, zone, changes, what.slice(0, 256));
      const at = nowOf(host).toISOString();
      const next = { ...current, ...after, steps: [...current.steps, { at, by, what }] };
      await store.write(next);
      return next;
    },
  };
};
