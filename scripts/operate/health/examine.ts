/** Runs the checks, each for itself: one that fails, hangs or may not look says so, and stops no other. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openClients } from '../clients.ts';
import type { Operated } from '../operated.ts';
import type { Around, Check, Judgement, Verdict } from './check.ts';
import type { Network } from './network.ts';

export interface Finding extends Judgement {
  readonly environment: string;
  readonly region: string;
  readonly check: string;
}

export interface ExamineOptions {
  readonly checks: readonly Check[];
  readonly network: Network;
  readonly now: Date;
  /** Longest time one check may take. */
  readonly timeoutMs: number;
  /** AWS is left out, for this reason. */
  readonly withoutAws?: string | undefined;
  /** Address of a stand-in for AWS. */
  readonly standIn?: string | undefined;
}

const denied = /AccessDenied|UnauthorizedOperation|NotAuthorized|Forbidden|not authorized to perform/;

/** What kept a check from looking. */
export const hindrance = (error: unknown): Judgement => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // S3 answers HEAD with a status alone.
  const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
  const action = /not authorized to perform:? ([\w-]+:\w+)/.exec(text)?.[1];
  const says =
    denied.test(text) || status === 403
      ? `these credentials may not look: ask for ${action ?? 'leave to read it'}`
      : text.replaceAll(/\s+/g, ' ');
  return { subject: '', verdict: 'unknown', says };
};

const examineOne = async (check: Check, around: Around, timeoutMs: number): Promise<readonly Judgement[]> => {
  const end = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: end.signal }).then((): never => {
    throw new Error(`no answer within ${timeoutMs / 1000} s`);
  });
  const looking = check.look(around);
  // Whichever is left behind must not end the process.
  looking.catch(() => undefined);
  late.catch(() => undefined);
  try {
    return await Promise.race([looking, late]);
  } catch (error) {
    return [hindrance(error)];
  } finally {
    end.abort();
  }
};

/** Everything there is to say of an environment, region by region. */
export const examine = async (
  { environment, deployments }: Operated,
  { checks, network, now, timeoutMs, withoutAws, standIn }: ExamineOptions,
): Promise<readonly Finding[]> => {
  const examined = deployments.map(async (deployment): Promise<Finding[]> => {
    const { region } = deployment;
    const { of, close } = openClients(region, standIn);
    const around: Around = { deployment, client: of, network, now };
    const wanted = checks.filter((check) => check.applies(deployment) && (withoutAws === undefined || check.public));
    const found = wanted.map(async (check) => {
      const judged = await examineOne(check, around, timeoutMs);
      return judged.map((each): Finding => ({ environment, region, check: check.name, ...each }));
    });
    const findings = (await Promise.all(found)).flat();
    close();
    return findings;
  });
  const missing: Finding[] =
    withoutAws === undefined
      ? []
      : [{ environment, region: '', check: 'account', subject: '', verdict: 'unknown', says: withoutAws }];
  return [...missing, ...(await Promise.all(examined)).flat()];
};

/** 0 all is well, 1 something is broken, 2 nothing is, but something wants to be looked at. */
export const exitCodeOf = (findings: readonly Finding[]): number => {
  const has = (...verdicts: Verdict[]): boolean => findings.some(({ verdict }) => verdicts.includes(verdict));
  if (has('broken')) return 1;
  return has('attention', 'unknown') ? 2 : 0;
};
