/** Claims of an access token by which the authorizer knows a caller. */
import type { CallerFact } from '../gateway.ts';
import type { Settings } from './resolve.ts';

const attributes = ['agency', 'role', 'employeeId'] as const satisfies readonly CallerFact[];

/** Pairs of a fact about the caller and the claim that holds it. Cognito puts an attribute of a person into the claim `custom:<name>`. */
export const callerClaims = ({
  cognito_attributes,
  employee_claim,
}: Pick<Settings, 'cognito_attributes' | 'employee_claim'>): readonly (readonly [CallerFact, string])[] =>
  attributes.flatMap((fact): [CallerFact, string][] => {
    if (fact === 'employeeId' && employee_claim !== undefined) return [[fact, employee_claim]];
    return cognito_attributes.includes(fact) ? [[fact, `custom:${fact}`]] : [];
  });
