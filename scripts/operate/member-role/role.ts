/** The role of a member account, from the settings of an environment. */
import { type Assumed, assumedBy, chosenIn, packs, writtenRegions } from '../../../contracts/packs/index.ts';
import type { PackContract } from '../../../contracts/packs/pack.ts';
import { memberStatements } from '../../../modules/roles/tools.ts';
import { roleName } from '../../../modules/stacks/grants.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { Operated } from '../operated.ts';
import { documentOf, inDocuments, type PolicyDocument } from './document.ts';

export interface MemberPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

export interface MemberRole {
  readonly name: string;
  readonly description: string;
  /** Accounts it belongs into: those that the settings name besides the environment's own. */
  readonly accounts: readonly string[];
  /** ARNs of the roles that the service runs under, one a region. */
  readonly assumedBy: readonly string[];
  readonly externalId: string | undefined;
  readonly trust: PolicyDocument;
  readonly policies: readonly MemberPolicy[];
  /** What each of the values is called in the settings. */
  readonly settings: { readonly accounts: string; readonly externalId: string };
}

/** A task role is chained to this one: an hour is the most that AWS allows. */
export const SESSION_SECONDS = 3600;

/**
 * Trust of the account with the service's roles as a condition, instead of the roles as principals. AWS keeps a role that is a
 * principal by its id: it must be there first, and one that is made anew under its name is somebody else.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
const trustOf = (account: string, arns: readonly string[], externalId: string | undefined): PolicyDocument =>
  documentOf([
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'sts:AssumeRole',
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': arns },
        ...(externalId !== undefined && { StringEquals: { 'sts:ExternalId': [externalId] } }),
      },
    },
  ]);

const numbered = (name: string, documents: readonly PolicyDocument[]): readonly MemberPolicy[] =>
  documents.map((document, index) => ({ name: index === 0 ? name : `${name}-${index + 1}`, document }));

const policiesOf = (operated: Operated, contract: PackContract, name: string, write: boolean) => {
  const { settings, deployments } = operated;
  const regions = deployments.flatMap((each) => writtenRegions(contract, each.settings, each.region));
  const tools = { contract, regions: [...new Set(regions)].sort(), chosen: chosenIn(contract, settings) };
  const statements = memberStatements(tools, settings.project_name);
  return [
    ...numbered(`${name}-read`, inDocuments(statements.read)),
    ...(write ? numbered(`${name}-write`, inDocuments(statements.write)) : []),
  ];
};

const roleOf = (
  operated: Operated,
  { pack, accounts, role: name, externalId }: Assumed,
  write: boolean,
): MemberRole => {
  const { settings, deployments, label } = operated;
  const contract: PackContract = packs[pack];
  if (contract.assumes === undefined) throw new Error(`${pack} assumes no role`);
  const own = settings.account_id;
  const assuming = deployments.map((each) => `arn:aws:iam::${own}:role/${roleName(each, 'task-role')}`);
  return {
    name,
    description: `What ${label} may do here, by its pack ${contract.title}: ${write ? 'read, and change tags' : 'read'}`,
    accounts: accounts.filter((account) => account !== own),
    assumedBy: assuming,
    externalId,
    trust: trustOf(own, assuming, externalId),
    policies: policiesOf(operated, contract, name, write),
    settings: contract.assumes,
  };
};

/**
 * One for each enabled pack that assumes roles.
 * @param write also what changes something
 * @throws OperatorProblem where the environment assumes none, or two packs want one role
 */
export const memberRoles = (operated: Operated, write: boolean): readonly MemberRole[] => {
  const { settings, environment } = operated;
  if (settings.container !== 'countersign')
    throw new OperatorProblem(`${environment} runs an image of its own, which assumes no roles by itself (container).`);
  const assumed = assumedBy(settings.tool_packs, settings);
  if (assumed.length === 0)
    throw new OperatorProblem(
      `No pack of ${environment} assumes roles of other accounts: none of tool_packs (${settings.tool_packs.join(', ')}) does.`,
    );
  const roles = assumed.map((each) => roleOf(operated, each, write));
  const twice = roles.find(({ name }, index) => roles.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined)
    throw new OperatorProblem(
      `Two packs of ${environment} assume a role named ${twice.name}: name one of them differently.`,
    );
  return roles;
};
