/** Whose claims these are: the employee rule, and what the service is told. */
import type { JWTPayload } from 'jose';
import type { AuthorizerConfig } from '../contracts/authorizer-environment.ts';
import { type CallerFact, callerFacts, encodeFact } from '../contracts/gateway.ts';
import { Refusal } from './refusal.ts';
import { claim } from './token.ts';

type CallerConfig = Pick<AuthorizerConfig, 'EMPLOYEE_CLAIM' | 'EMPLOYEE_PREFIX' | 'CLAIMS'>;

const textClaim = (payload: JWTPayload, name: string | undefined): string | undefined => {
  const value = name === undefined ? undefined : claim(payload, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** @throws Refusal when the claim that every employee has is missing, no text, or does not start as it must */
export const demandEmployee = (payload: JWTPayload, config: CallerConfig): void => {
  const { EMPLOYEE_CLAIM: name, EMPLOYEE_PREFIX: prefix = '' } = config;
  if (name === undefined) return;
  const value = textClaim(payload, name);
  // The prefix alone is nobody's id.
  if (value === undefined || !value.startsWith(prefix) || value.length === prefix.length) throw new Refusal('employee');
};

/** A mail address that is known to be unverified names nobody. */
const userIdOf = (payload: JWTPayload): string | undefined => {
  const verified = claim(payload, 'email_verified');
  const mail = verified === false || verified === 'false' ? undefined : textClaim(payload, 'email');
  return mail ?? textClaim(payload, 'sub');
};

/** What API Gateway passes on, each fact as a header's value. */
export const contextOf = (payload: JWTPayload, config: CallerConfig): Record<CallerFact, string> => {
  const claims = new Map(config.CLAIMS.map((pair) => [pair.split('=', 1)[0], pair.slice(pair.indexOf('=') + 1)]));
  const value = (fact: CallerFact) =>
    fact === 'userId' ? userIdOf(payload) : textClaim(payload, claims.get(fact) ?? undefined);
  return Object.fromEntries(callerFacts.map((fact) => [fact, encodeFact(value(fact))])) as Record<CallerFact, string>;
};
