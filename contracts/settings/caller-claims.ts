/** Claims of an access token by which the authorizer knows a caller. */
import type { CallerFact } from '../gateway.ts';
import type { Settings } from './resolve.ts';

const attributes = ['agency', 'role', 'employeeId'] as const satisfies readonly CallerFact[];

/** By what the service is told of it, the claim that says so. An attribute of people in Cognito is a claim `custom:<name>`. */
export const callerClaims = ({
  cognito_attributes,
  employee_claim,
}: Pick<Settings, 'cognito_attributes' | 'employee_claim'>): readonly (readonly [CallerFact, string])[] =>
  attributes.flatMap((fact): [CallerFact, string][] => {
    if (fact === 'employeeId' && employee_claim !== undefined) return [[fact, employee_claim]];
    return cognito_attributes.includes(fact) ? [[fact, `custom:${fact}`]] : [];
  });
