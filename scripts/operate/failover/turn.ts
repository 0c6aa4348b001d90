/**
 * How a name is led to the other region, and back: by telling the health check the opposite of what it sees, or, where no
 * check asks (behind CloudFront, or for an HTTP API), by letting the two records change their roles.
 */
import {
  ChangeResourceRecordSetsCommand,
  GetHealthCheckCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
  UpdateHealthCheckCommand,
} from '@aws-sdk/client-route-53';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { hostsOf } from '../../../modules/stacks/hosts.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { ClientOf } from '../clients.ts';

/** What a guard needs to put things back, also when everybody else is gone. */
export type Turn =
  | { readonly kind: 'check'; readonly id: string }
  | { readonly kind: 'records'; readonly zone: string; readonly name: string; readonly primary: string };

export interface Named {
  readonly name: string;
  /** Load balancer or API that each region's record leads to. */
  readonly leadsTo: Readonly<Record<string, string>>;
  readonly turn: Turn;
}

const withDot = (name: string): string => `${name.replace(/\.$/, '')}.`;

const zoneOf = async (route53: Route53Client, { settings }: Deployment): Promise<string> => {
  if (settings.hosted_zone_id !== undefined) return settings.hosted_zone_id;
  const DNSName = withDot(settings.hosted_zone_name ?? '');
  const { HostedZones = [] } = await route53.send(new ListHostedZonesByNameCommand({ DNSName, MaxItems: 1 }));
  const [zone] = HostedZones;
  if (zone?.Id === undefined || zone.Name !== DNSName) throw new OperatorProblem(`There is no hosted zone ${DNSName}`);
  return zone.Id.replace('/hostedzone/', '');
};

/** The records of a name that are one region's each, of type A. There are no more than two, so a page has them all. */
const setsOf = async (route53: Route53Client, zone: string, name: string): Promise<ResourceRecordSet[]> => {
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zone, StartRecordName: name, StartRecordType: 'A' }),
  );
  return ResourceRecordSets.filter(
    (set) => set.Name === withDot(name) && set.Type === 'A' && set.SetIdentifier !== undefined,
  );
};

/** The names that lead to one region or the other, each with how it is turned away from `from`. */
export const namesToTurn = async (client: ClientOf, from: Deployment): Promise<readonly Named[]> => {
  const route53 = client(Route53Client, 'us-east-1');
  const zone = await zoneOf(route53, from);
  const { loadBalancer, httpApi } = hostsOf(from);
  const names = [...new Set([loadBalancer, httpApi])].filter((name) => name !== undefined);
  return Promise.all(
    names.map(async (name): Promise<Named> => {
      const sets = await setsOf(route53, zone, name);
      const own = sets.find(({ SetIdentifier }) => SetIdentifier === from.region);
      const leadsTo = Object.fromEntries(
        sets.map(({ SetIdentifier = '', AliasTarget }) => [SetIdentifier, AliasTarget?.DNSName ?? '']),
      );
      if (own === undefined || Object.keys(leadsTo).length < 2)
        throw new OperatorProblem(`${name} has no record in each region: npm run deploy, in both regions.`);
      const primary = sets.find(({ Failover }) => Failover === 'PRIMARY')?.SetIdentifier ?? from.region;
      const turn: Turn =
        own.HealthCheckId === undefined
          ? { kind: 'records', zone, name, primary }
          : { kind: 'check', id: own.HealthCheckId };
      return { name, leadsTo, turn };
    }),
  );
};

/** Tells the check the opposite of what it sees, or no longer so. Nothing is sent where it is so already. */
const invert = async (route53: Route53Client, HealthCheckId: string, Inverted: boolean): Promise<void> => {
  const { HealthCheck } = await route53.send(new GetHealthCheckCommand({ HealthCheckId }));
  if ((HealthCheck?.HealthCheckConfig?.Inverted ?? false) === Inverted) return;
  await route53.send(
    new UpdateHealthCheckCommand({ HealthCheckId, Inverted, HealthCheckVersion: HealthCheck?.HealthCheckVersion }),
  );
};

/** Makes one of the two records the primary one, in one change. */
const lead = async (route53: Route53Client, zone: string, name: string, primary: string): Promise<void> => {
  const sets = await setsOf(route53, zone, name);
  const wanted = sets.map(
    (set): ResourceRecordSet => ({
      ...set,
      Failover: set.SetIdentifier === primary ? 'PRIMARY' : 'SECONDARY',
    }),
  );
  if (wanted.every((set, place) => set.Failover === sets[place]?.Failover)) return;
  await route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone,
      ChangeBatch: {
        // One batch is made whole or not at all, so the name never lacks an answer.
        Changes: [
          ...sets.map((ResourceRecordSet) => ({ Action: 'DELETE' as const, ResourceRecordSet })),
          ...wanted.map((ResourceRecordSet) => ({ Action: 'CREATE' as const, ResourceRecordSet })),
        ],
      },
    }),
  );
};

export const turnAway = (route53: Route53Client, { name, turn }: Named, to: string): Promise<void> =>
  turn.kind === 'check' ? invert(route53, turn.id, true) : lead(route53, turn.zone, name, to);

/** Puts back what `turnAway` did. Safe to repeat, and where nothing was done. */
export const turnBack = (route53: Route53Client, turn: Turn): Promise<void> =>
  turn.kind === 'check' ? invert(route53, turn.id, false) : lead(route53, turn.zone, turn.name, turn.primary);

/** Names that are turned away from `home` now: of a drill under way, or of one that could not put it back. */
export const turnedAway = async (
  client: ClientOf,
  names: readonly Named[],
  home: string,
): Promise<readonly Named[]> => {
  const route53 = client(Route53Client, 'us-east-1');
  const found = await Promise.all(
    names.map(async (named) => {
      if (named.turn.kind === 'records') return named.turn.primary !== home;
      const { HealthCheck } = await route53.send(new GetHealthCheckCommand({ HealthCheckId: named.turn.id }));
      return HealthCheck?.HealthCheckConfig?.Inverted === true;
    }),
  );
  return names.filter((_, place) => found[place]);
};
