/** Statements of policies, as plain data, and the document they become. */
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { Construct } from 'constructs';

export interface Condition {
  /** An operator such as StringEquals. */
  readonly test: string;
  readonly variable: string;
  readonly values: readonly string[];
}

export interface Statement {
  /** Letters and digits, unique in its policy. Why a statement may have a wildcard stands under it in modules/policy. */
  readonly sid: string;
  /** Default: Allow. */
  readonly effect?: 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: readonly Condition[];
}

/** Who may take a role. */
export interface Trust {
  readonly type: 'Service' | 'Federated';
  readonly identifier: string;
  /** Default: sts:AssumeRole. */
  readonly action?: string;
  readonly conditions?: readonly Condition[];
}

/** A service that may take a role, for this account's own resources only where the service says whose they are. */
export const service = (identifier: string, accountId?: string): Trust => ({
  type: 'Service',
  identifier,
  ...(accountId !== undefined && { conditions: [equals('aws:SourceAccount', accountId)] }),
});

export const equals = (variable: string, ...values: string[]): Condition => ({
  test: 'StringEquals',
  variable,
  values,
});

const inTerraform = (conditions: readonly Condition[] = []) =>
  conditions.map(({ test, variable, values }) => ({ test, variable, values: [...values] }));

/** Statements about nothing are left out. */
export const policyDocument = (
  scope: Construct,
  id: string,
  statements: readonly Statement[],
): DataAwsIamPolicyDocument =>
  new DataAwsIamPolicyDocument(scope, id, {
    statement: statements
      .filter(({ actions, resources }) => actions.length > 0 && resources.length > 0)
      .map(({ sid, effect, actions, resources, conditions }) => ({
        sid,
        ...(effect !== undefined && { effect }),
        actions: [...actions],
        resources: [...resources],
        condition: inTerraform(conditions),
      })),
  });

export const trustDocument = (scope: Construct, id: string, trust: readonly Trust[]): DataAwsIamPolicyDocument =>
  new DataAwsIamPolicyDocument(scope, id, {
    statement: trust.map(({ type, identifier, action = 'sts:AssumeRole', conditions }) => ({
      actions: [action],
      principals: [{ type, identifiers: [identifier] }],
      condition: inTerraform(conditions),
    })),
  });
