/**
 * Who else writes a resource's tags. Tools that deploy infrastructure put their own tags back, so a change made beside
 * them lasts until they run again. They are known by tags that AWS or they themselves leave. Pure.
 */
import type { Tags } from '../estate/estate.ts';
import { counted, listed, quoted } from './wording.ts';

interface Owner {
  /** What the sentence calls it, with the name where its tag tells one. */
  readonly name: string;
  readonly effect: string;
}

const undone = (where: string): string => `The next apply there undoes this: change the tags ${where} as well.`;
const replaced = (where: string): string => `What replaces them comes with other tags: change them ${where} as well.`;

interface Rule {
  readonly key: RegExp;
  /** Only with a value like this. */
  readonly value?: RegExp;
  readonly owner: (value: string, key: string) => Owner;
}

const iac =
  /terraform|terragrunt|terraspace|opentofu|\btofu\b|pulumi|cloudformation|\bcdk\b|cdktf|crossplane|ansible|serverless|spacelift|atlantis|env0|scalr/i;

/** The first that fits decides, so that a stack is not told twice. */
const rules: readonly Rule[] = [
  {
    key: /^aws:cloudformation:stack-(?:name|id)$/i,
    owner: (value) => ({
      name: `the CloudFormation stack ${quoted(stackName(value))}`,
      effect: undone('in its template'),
    }),
  },
  {
    key: /^pulumi:(?:stack|project)$/i,
    owner: (value) => ({ name: `the Pulumi stack ${quoted(value)}`, effect: undone('in its program') }),
  },
  {
    key: /^crossplane-(?:name|kind|providerconfig)$/i,
    owner: (value) => ({ name: `Crossplane (${quoted(value)})`, effect: undone('in its manifest') }),
  },
  {
    key: /^(?:aws:)?servicecatalog:|^aws:servicecatalog:/i,
    owner: () => ({ name: 'a Service Catalog product', effect: undone('in the product') }),
  },
  {
    key: /^(?:aws:)?elasticbeanstalk:environment-name$/i,
    owner: (value) => ({
      name: `the Elastic Beanstalk environment ${quoted(value)}`,
      effect: undone('in the environment'),
    }),
  },
  {
    key: /^(?:aws:)?eks:cluster-name$/i,
    owner: (value) => ({ name: `the EKS cluster ${quoted(value)}`, effect: replaced('on its node group') }),
  },
  {
    key: /^kubernetes\.io\/cluster\//i,
    owner: (_, key) => ({
      name: `the Kubernetes cluster ${quoted(key.slice(key.lastIndexOf('/') + 1))}`,
      effect: replaced('in its configuration'),
    }),
  },
  {
    key: /^(?:karpenter\.sh|karpenter\.k8s\.aws)\//i,
    owner: () => ({ name: 'Karpenter', effect: replaced('on its node class') }),
  },
  {
    key: /^aws:autoscaling:groupname$/i,
    owner: (value) => ({ name: `the Auto Scaling group ${quoted(value)}`, effect: replaced('on the group') }),
  },
  {
    key: /terraform|opentofu|^tf[-_:.]|tfstate|^yor_trace$/i,
    owner: (value, key) => ({
      name: `Terraform (tag ${quoted(key)}=${quoted(value)})`,
      effect: undone('in its configuration'),
    }),
  },
  {
    key: /^(?:.*[-_:./ ])?(?:managed|provisioned|deployed|created|maintained|owned)[-_. ]?(?:by|with|using)$/i,
    value: iac,
    owner: (value, key) => ({ name: `${quoted(value)} (tag ${quoted(key)})`, effect: undone('in its configuration') }),
  },
  {
    key: /^lambda:createdby$/i,
    value: /^sam$/i,
    owner: () => ({ name: 'an AWS SAM stack', effect: undone('in its template') }),
  },
  {
    key: /^(?:.*[-_:./ ])?(?:provisioner|iac|infrastructure[-_ ]?as[-_ ]?code|deployment[-_ ]?tool|tool|automation|source)$/i,
    value: iac,
    owner: (value, key) => ({ name: `${quoted(value)} (tag ${quoted(key)})`, effect: undone('in its configuration') }),
  },
];

/** The name within arn:aws:cloudformation:region:account:stack/NAME/id, or what stands there. */
const stackName = (value: string): string => (value.startsWith('arn:') ? (value.split('/')[1] ?? value) : value);

/** Who deploys a resource with these tags, as far as its tags tell. */
export const ownerOf = (tags: Tags): Owner | undefined => {
  const entries = Object.entries(tags);
  for (const { key, value, owner } of rules) {
    const found = entries.find(([name, text]) => key.test(name) && (value === undefined || value.test(text)));
    if (found !== undefined) return owner(found[1], found[0]);
  }
  return undefined;
};

/** A sentence for each kind of owner that will undo the change, with the owners' names. */
export const ownerWarnings = (resources: readonly { readonly before: Tags }[]): string[] => {
  const owned = resources.flatMap(({ before }) => ownerOf(before) ?? []);
  return [...Map.groupBy(owned, (each) => each.effect)].map(([effect, group]) => {
    const names = [...new Set(group.map((each) => each.name))];
    return `${counted(group.length, 'resource')} ${group.length === 1 ? 'belongs' : 'belong'} to ${listed(names, 'owner')}. ${effect}`;
  });
};
