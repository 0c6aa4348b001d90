/**
 * The records of the name that moves. Each change is one batch, all of it or nothing.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
 */
import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type Route53Client,
} from '@aws-sdk/client-route-53';
import { OperatorProblem } from '../../platform/problem.ts';
import { untilTrue } from '../waiting.ts';
import type { Move } from './move.ts';

/** Seconds that resolvers keep the old server's address while it moves: what an alias of a load balancer has. */
export const TTL = 60;

/** A load balancer, as an alias names it. */
export interface Target {
  readonly dnsName: string;
  readonly zoneId: string;
}

/** What the name answers with. Percent of the questions where two answer. */
export type Answers =
  | { readonly kind: 'old'; readonly ttl: number; readonly values: readonly string[] }
  | { readonly kind: 'weighted'; readonly old: number; readonly new: number }
  | { readonly kind: 'new' }
  | { readonly kind: 'none' }
  /** Records that no move makes. */
  | { readonly kind: 'foreign'; readonly what: string };

const ids = { old: 'before', new: 'after' } as const;

/** Every record of the name but those that say nothing about where it leads. */
export const recordsOf = async (client: Route53Client, zone: string, name: string): Promise<ResourceRecordSet[]> => {
  const found: ResourceRecordSet[] = [];
  let start:
    | { StartRecordName: string; StartRecordType?: ResourceRecordSet['Type']; StartRecordIdentifier?: string }
    | undefined = {
    StartRecordName: name,
  };
  while (start !== undefined) {
    const command: ListResourceRecordSetsCommand = new ListResourceRecordSetsCommand({ HostedZoneId: zone, ...start });
    const page = await client.send(command);
    const own = (page.ResourceRecordSets ?? []).filter(({ Name }) => Name === `${name}.`);
    found.push(...own.filter(({ Type }) => ['A', 'AAAA', 'CNAME'].includes(Type ?? '')));
    const { IsTruncated, NextRecordName, NextRecordType, NextRecordIdentifier } = page;
    start =
      IsTruncated === true && NextRecordName === `${name}.`
        ? {
            StartRecordName: NextRecordName,
            ...(NextRecordType && { StartRecordType: NextRecordType }),
            ...(NextRecordIdentifier && { StartRecordIdentifier: NextRecordIdentifier }),
          }
        : undefined;
  }
  return found;
};

const leadsTo = ({ AliasTarget }: ResourceRecordSet, { dnsName }: Target): boolean =>
  AliasTarget?.DNSName?.replace(/\.$/, '').toLowerCase() === dnsName.toLowerCase();

const valuesOf = ({ ResourceRecords = [] }: ResourceRecordSet): string[] =>
  ResourceRecords.map(({ Value = '' }) => Value);

export const answersOf = (records: readonly ResourceRecordSet[], target: Target): Answers => {
  const [first, ...others] = records;
  if (first === undefined) return { kind: 'none' };
  const kinds = records
    .map(({ Type, SetIdentifier }) => `${Type}${SetIdentifier ? ` ${SetIdentifier}` : ''}`)
    .join(', ');
  if (records.some(({ Type }) => Type !== 'A')) return { kind: 'foreign', what: kinds };
  if (others.length === 0 && first.SetIdentifier === undefined) {
    if (leadsTo(first, target)) return { kind: 'new' };
    if (first.TTL !== undefined) return { kind: 'old', ttl: first.TTL, values: valuesOf(first) };
    return { kind: 'foreign', what: `an alias of ${first.AliasTarget?.DNSName}` };
  }
  const [before, after] = [ids.old, ids.new].map((id) => records.find(({ SetIdentifier }) => SetIdentifier === id));
  if (records.length !== 2 || before?.Weight === undefined || after?.Weight === undefined)
    return { kind: 'foreign', what: kinds };
  return leadsTo(after, target)
    ? { kind: 'weighted', old: before.Weight, new: after.Weight }
    : { kind: 'foreign', what: kinds };
};

const simple = ({ name, old }: Pick<Move, 'name' | 'old'>, ttl: number): ResourceRecordSet => ({
  Name: `${name}.`,
  Type: 'A',
  TTL: ttl,
  ResourceRecords: old.values.map((Value) => ({ Value })),
});

const alias = ({ name }: Pick<Move, 'name'>, { dnsName, zoneId }: Target): ResourceRecordSet => ({
  Name: `${name}.`,
  Type: 'A',
  AliasTarget: { DNSName: dnsName, HostedZoneId: zoneId, EvaluateTargetHealth: true },
});

const weighted = (
  move: Move,
  target: Target,
  share: number,
): readonly [before: ResourceRecordSet, after: ResourceRecordSet] => [
  { ...simple(move, TTL), SetIdentifier: ids.old, Weight: 100 - share },
  { ...alias(move, target), SetIdentifier: ids.new, Weight: share },
];

/** DELETE names the record whole, so a batch fails where somebody changed it meanwhile. */
export const batches = {
  lowerTtl: (move: Move, ttl: number): Change[] => [
    { Action: 'DELETE', ResourceRecordSet: simple(move, ttl) },
    { Action: 'CREATE', ResourceRecordSet: simple(move, TTL) },
  ],
  // In this order: Route 53 takes no weighted record beside one without weight.
  divide: (move: Move, target: Target, ttl: number): Change[] => [
    { Action: 'DELETE', ResourceRecordSet: simple(move, ttl) },
    ...weighted(move, target, 0).map((record) => ({ Action: 'CREATE' as const, ResourceRecordSet: record })),
  ],
  shift: (move: Move, target: Target, share: number): Change[] =>
    weighted(move, target, share).map((record) => ({ Action: 'UPSERT' as const, ResourceRecordSet: record })),
  finish: (move: Move, target: Target, share: number): Change[] => [
    ...weighted(move, target, share).map((record) => ({ Action: 'DELETE' as const, ResourceRecordSet: record })),
    { Action: 'CREATE', ResourceRecordSet: alias(move, target) },
  ],
};

/** Applies a batch, and resolves when every name server of Route 53 answers so. @throws OperatorProblem */
export const change = async (
  client: Route53Client,
  zone: string,
  changes: Change[],
  comment: string,
): Promise<void> => {
  const { ChangeInfo } = await client.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch: { Comment: comment, Changes: changes } }),
  );
  const Id = ChangeInfo?.Id ?? '';
  const inSync = async () => (await client.send(new GetChangeCommand({ Id }))).ChangeInfo?.Status === 'INSYNC';
  if (await untilTrue(inSync, { everyMs: 3000, patienceMs: 300_000 })) return;
  throw new OperatorProblem(`Route 53 has taken the change ${Id}, but not all its name servers answer so yet.`);
};
