/** A drill: callers are led to the other region for as long as it takes to see that they arrive, and back in any case. */
import { Route53Client } from '@aws-sdk/client-route-53';
import { during } from '../../platform/host.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { examined, type FailingOver, refuseUnlessReady, secondsSince, watchResolvers } from './failing-over.ts';
import { guarded } from './guarded.ts';
import { turnAway, turnBack, turnedAway } from './turn.ts';

export interface Drilled {
  readonly outcome: 'proven' | 'not-reached' | 'unhealthy';
  /** From turning the names to the last resolver: what a failover of the name takes. */
  readonly resolvedSeconds: number;
  /** Names that some resolver still led to the home. */
  readonly late: readonly string[];
  readonly broken: readonly string[];
}

export const drill = async (run: FailingOver): Promise<Drilled> => {
  const { host, client, names, from, to } = run;
  await refuseUnlessReady(run);
  const left = await turnedAway(client, names, from.region);
  if (left.length > 0)
    throw new OperatorProblem(
      `${left.map(({ name }) => name).join(', ')} is led away from ${from.region} already: a drill is running, or one could not restore it. Restore it: npm run failover -- --environment ${run.operated.environment} --restore`,
    );
  const route53 = client(Route53Client, 'us-east-1');
  const putBack = () =>
    during(host, `Leading callers back to ${from.region}`, async () => {
      for (const { turn } of names) await turnBack(route53, turn);
    });
  const drilling = async (): Promise<Drilled> => {
    const begun = performance.now();
    for (const named of names) await turnAway(route53, named, to.region);
    const late = await watchResolvers(run);
    const resolvedSeconds = secondsSince(begun);
    const findings = late.length > 0 ? [] : await examined(run);
    const broken = findings
      .filter(({ verdict }) => verdict === 'broken')
      .map(({ check, subject }) => `${check} ${subject}`);
    const outcome = late.length > 0 ? 'not-reached' : broken.length > 0 ? 'unhealthy' : 'proven';
    return { outcome, resolvedSeconds, late, broken };
  };
  return guarded(
    names.map(({ turn }) => turn),
    drilling,
    putBack,
  );
};
