/** What terraform's known failures mean, each as one sentence with its remedy. */

export interface FailureContext {
  readonly stack: string;
  readonly environment: string;
  /** The account that the environment's settings name. */
  readonly account: string;
  readonly stateBucket: string;
  /** Where AWS is asked, when not at its own address. */
  readonly endpoint?: string | undefined;
  /** Options of the command that failed. */
  readonly offers?: ReadonlySet<string> | undefined;
}

interface Known {
  readonly name: string;
  readonly when: RegExp;
  readonly say: (context: FailureContext, found: RegExpExecArray) => string;
}

/** First match wins. Matched against terraform's output with its line breaks and frames removed. */
const known: readonly Known[] = [
  {
    name: 'locked state',
    when: /Error acquiring the state lock.*?(?:Lock Info: *ID: *(\S+))(?:.*?Operation: *(\S+))?(?:.*?Who: *(\S+))?(?:.*?Created: *(\S+ \S+))?/,
    say: ({ stack }, [, id, operation, who, created]) =>
      `The state of ${stack} is locked by ${who ?? 'somebody'} since ${created?.replace(/\.\d+$/, '') ?? 'an unknown time'} (${operation ?? 'lock'} ${id}). ` +
      `Wait until that run has ended. If it is known to be dead: terraform force-unlock ${id}`,
  },
  {
    name: 'expired credentials',
    when: /ExpiredToken|token included in the request is expired|SSO session has expired|[Tt]oken has expired|refresh cached SSO token failed/,
    say: () => 'The AWS credentials have expired: sign in again (aws sso login) and repeat.',
  },
  {
    name: 'missing credentials',
    when: /No valid credential sources found|failed to refresh cached credentials|NoCredentialProviders|Could not load credentials/,
    say: ({ account, offers }) =>
      `There are no AWS credentials for account ${account}: sign in (aws sso login), or set AWS_PROFILE${offers?.has('offline') === true ? ', or use --offline' : ''}.`,
  },
  {
    name: 'invalid credentials',
    when: /InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidAccessKeyId/,
    say: () => 'AWS does not know these credentials: check AWS_PROFILE and the access key.',
  },
  {
    name: 'wrong account',
    when: /AWS account ID not allowed: (\d+)/,
    say: ({ account, environment }, [, used]) =>
      `The credentials are of account ${used}, but ${environment} lives in ${account}: use the right profile, or correct account_id.`,
  },
  {
    name: 'no state bucket',
    when: /S3 bucket "[^"]*" does not exist|NoSuchBucket/,
    say: ({ stateBucket, environment }) =>
      `The state bucket ${stateBucket} does not exist: npm run bootstrap -- --environment ${environment}`,
  },
  {
    name: 'stale plan',
    when: /Saved plan is stale/,
    say: ({ stack, environment }) =>
      `The plan of ${stack} is stale: the state has changed since it was made. Nothing of it was applied; plan and review again: npm run plan -- --environment ${environment}`,
  },
  {
    name: 'plan of another terraform',
    when: /plan file was created by Terraform (\S+?)[,;].*?(?:version|Terraform) (\d\S*)/i,
    say: (_, [, made]) => `The plan was made by terraform ${made}: apply it with the same version, or plan again.`,
  },
  {
    name: 'other provider hash',
    when: /do(?:es not|esn't) match any of the checksums|Inconsistent dependency lock file/,
    say: ({ stack }) =>
      `The provider on this machine is not the one that ${stack} is locked to: compare .terraform.lock.hcl, and plan again if the change is wanted.`,
  },
  {
    name: 'provider not found',
    when: /Failed to (?:query available provider packages|install provider)|Required plugins are not installed|provider .{1,80} was not found in any of the search locations/,
    say: () =>
      'The AWS provider can neither be downloaded nor found on this machine: connect to registry.terraform.io, or put it in a folder and name that in COUNTERSIGN_TERRAFORM_MIRROR (docs/deploying/README.md).',
  },
  {
    name: 'refused by the state bucket',
    when: /(?:S3 bucket ["']|acquiring the state lock).*?StatusCode: 403/,
    say: ({ stateBucket, environment, endpoint }) =>
      endpoint?.startsWith('http:') === true
        ? `The state bucket ${stateBucket} refuses requests without TLS by its policy (npm run bootstrap), and AWS_ENDPOINT_URL is ${endpoint}: use an https endpoint, or the stand-in of npm run emulate -- --serve, which looks at no such policy.`
        : `The credentials may not use the state of ${environment} in the bucket ${stateBucket}: ask for the deploy role.`,
  },
  {
    name: 'access denied',
    when: /(?:AccessDenied\w*|UnauthorizedOperation|not authorized to perform:? *)(?:.*?(?:perform:? )([\w-]+:\w+))?/,
    say: ({ environment }, [, action]) =>
      `The credentials may not ${action ?? 'do this'} in ${environment}: ask for the deploy role.`,
  },
  {
    name: 'unreachable',
    when: /dial tcp[^,]*: (?:lookup \S+|connect: connection refused)|no such host/,
    say: () => 'AWS cannot be reached: check the network and any proxy.',
  },
];

/** Terraform breaks lines at 78 columns and draws frames around errors. */
const plain = (output: string): string => output.replaceAll(/[│╷╵]/g, ' ').replaceAll(/\s+/g, ' ');

/** One clear sentence where the failure is known. */
export const explain = (output: string, context: FailureContext): string | undefined => {
  const text = plain(output);
  for (const { when, say } of known) {
    const found = when.exec(text);
    if (found !== null) return say(context, found);
  }
  return undefined;
};

/** Whether a plan failed for want of another layer's state, which is no fault before the first deployment. */
export const lacksProducer = (output: string): boolean =>
  /Unable to find remote state|No stored state was found for the given workspace|This object does not have an attribute named/.test(
    plain(output),
  );
