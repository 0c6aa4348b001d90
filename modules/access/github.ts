/** GitHub's workflows as AWS knows them: tokens of OpenID Connect, no keys. */
import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider/index.js';
import { Construct } from 'constructs';
import { equals, type Trust } from '../roles/statement.ts';

const issuer = 'token.actions.githubusercontent.com';
const audience = 'sts.amazonaws.com';

/** Only jobs of the repository with one of these subjects, such as `pull_request` or `environment:prod`. */
export const workflows = (accountId: string, repository: string, subjects: readonly string[]): Trust => ({
  type: 'Federated',
  identifier: `arn:aws:iam::${accountId}:oidc-provider/${issuer}`,
  action: 'sts:AssumeRoleWithWebIdentity',
  conditions: [
    equals(`${issuer}:aud`, audience),
    equals(`${issuer}:sub`, ...subjects.map((subject) => `repo:${repository}:${subject}`)),
  ],
});

/** An account has one. */
export class GithubProvider extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new IamOpenidConnectProvider(this, 'provider', { url: `https://${issuer}`, clientIdList: [audience] });
  }
}
