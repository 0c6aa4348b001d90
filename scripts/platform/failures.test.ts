import { explain, lacksProducer } from './failures.ts';

const context = {
  stack: 'prod-us-east-1',
  environment: 'prod',
  account: '111122223333',
  stateBucket: 'countersign-111122223333-terraform-state',
};

/** As terraform 1.11.4 and the provider 5.100.0 print them, line breaks and all. */
const recorded: readonly (readonly [string, string, string])[] = [
  [
    'a held lock',
    `
Error: Error acquiring the state lock

Error message: operation error S3: PutObject, https response error
StatusCode: 412, RequestID: j71jDeC7vOWLUlnx, api error PreconditionFailed: At
least one of the pre-conditions you specified did not hold
Lock Info:
  ID:        8f1b3a52-8d9f-4a3b-b0a1-1d6f9d3e7c10
  Path:      bucket/countersign/prod/us-east-1.tfstate
  Operation: OperationTypeApply
  Who:       grace@laptop
  Version:   1.11.4
  Created:   2026-11-20 10:00:00.123456 +0000 UTC
  Info:
`,
    'The state of prod-us-east-1 is locked by grace@laptop since 2026-11-20 10:00:00 (OperationTypeApply 8f1b3a52-8d9f-4a3b-b0a1-1d6f9d3e7c10)',
  ],
  [
    'expired credentials',
    `Error: validating provider credentials: retrieving caller identity from STS: operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: 1, api error ExpiredToken: The security token included in the request is expired`,
    'The AWS credentials have expired',
  ],
  [
    'an expired sign-in',
    'CredentialsProviderError The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile. Token has expired',
    'The AWS credentials have expired',
  ],
  [
    'no credentials',
    `Error: No valid credential sources found

  with provider["registry.terraform.io/hashicorp/aws"],
Error: failed to refresh cached credentials, no EC2 IMDS role found`,
    'There are no AWS credentials for account 111122223333',
  ],
  [
    'credentials nobody knows',
    'api error InvalidClientTokenId: The security token included in the request is invalid.',
    'AWS does not know these credentials',
  ],
  [
    'another account',
    `Error: AWS account ID not allowed: 444455556666

  with provider["registry.terraform.io/hashicorp/aws"],`,
    'The credentials are of account 444455556666, but prod lives in 111122223333',
  ],
  [
    'no state bucket',
    `Error: Failed to get existing workspaces: S3 bucket
"countersign-111122223333-terraform-state" does not exist.

The referenced S3 bucket must have been previously created.`,
    'The state bucket countersign-111122223333-terraform-state does not exist: npm run bootstrap -- --environment prod',
  ],
  [
    'a stale plan',
    `╷
│ Error: Saved plan is stale
│
│ The given plan file can no longer be applied because the state was changed by
│ another operation after the plan was created.
╵`,
    'The plan of prod-us-east-1 is stale',
  ],
  [
    'no provider',
    `Error: Failed to query available provider packages

Could not retrieve the list of available versions for provider hashicorp/aws:
could not connect to registry.terraform.io: failed to request discovery
document: Get "https://registry.terraform.io/.well-known/terraform.json":
dial tcp: lookup registry.terraform.io on 10.0.0.2:53: no such host`,
    'COUNTERSIGN_TERRAFORM_MIRROR',
  ],
  [
    'another provider than the locked one',
    `Error: Required plugins are not installed

the cached package for registry.terraform.io/hashicorp/aws 5.100.0 (in .terraform/providers) does not match any of the checksums recorded in the dependency lock file`,
    'The provider on this machine is not the one that prod-us-east-1 is locked to',
  ],
  [
    'a missing permission',
    'Error: creating EC2 VPC: operation error EC2: CreateVpc, api error UnauthorizedOperation: You are not authorized to perform: ec2:CreateVpc on resource: *',
    'The credentials may not ec2:CreateVpc in prod',
  ],
  [
    'a state that may not be read',
    `Error: Error refreshing state: Unable to access object "k" in S3 bucket "countersign-111122223333-terraform-state": operation error S3: HeadObject, https response error StatusCode: 403, RequestID: , HostID: , api error Forbidden: Forbidden`,
    'The credentials may not use the state of prod in the bucket countersign-111122223333-terraform-state',
  ],
];
const lockRefused = `Error: Error acquiring the state lock

Error message: operation error S3: PutObject, https response error
StatusCode: 403, RequestID: , HostID: , api error Forbidden: Forbidden
unable to retrieve file from S3 bucket 'b' with key 'k.tflock':`;

describe('what terraform says', () => {
  it.each(recorded)('of %s becomes one sentence with its remedy', (_, output, sentence) => {
    const said = explain(output, context) ?? 'nothing';
    expect(said).toContain(sentence);
    expect(said).not.toContain('\n');
  });

  it.each([recorded.at(-1)?.[1] ?? '', lockRefused])(
    'is the policy against http, where an emulator is asked so',
    (output) => {
      expect(explain(output, { ...context, endpoint: 'http://127.0.0.1:5000' })).toContain(
        'refuses requests without TLS by its policy (npm run bootstrap), and AWS_ENDPOINT_URL is http://127.0.0.1:5000',
      );
    },
  );

  it('advises --offline only where the command has it', () => {
    const said = (...offers: string[]) =>
      explain('No valid credential sources found', { ...context, offers: new Set(offers) });
    expect(said('environment', 'offline')).toContain('or use --offline.');
    expect(said('environment', 'yes')).not.toContain('--offline');
  });

  it('stays as it is where nobody knows better', () => {
    expect(explain('Error: Invalid index\n\n  on cdk.tf.json line 12', context)).toBeUndefined();
  });

  it.each([
    ['Error: Unable to find remote state\n\n  on cdk.tf.json line 7, in data.terraform_remote_state', true],
    ['Error: Unsupported attribute\n\nThis object does not have an attribute\nnamed "vpcId".', true],
    ['Error: Saved plan is stale', false],
  ])('tells a layer that waits from a fault', (output, waits) => {
    expect(lacksProducer(output)).toBe(waits);
  });
});
