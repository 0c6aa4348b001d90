/**
 * Providers of regions that nothing is in any more. Terraform can destroy a resource only with the provider it was made
 * with, so that a backup region or a replica could be added and never taken away. It starts none that is not used.
 * https://developer.hashicorp.com/terraform/language/providers/configuration#provider-versions
 */

/** docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html; a region in use need not be among them. */
const known = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-7',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
] as const;

type Provider = Readonly<Record<string, unknown>>;

interface Resolved {
  readonly provider?: { readonly aws?: readonly Provider[] };
}

/** The stack with a provider for every region. */
export const withFurtherProviders = <Stack extends object>(stack: Stack & Resolved): Stack => {
  const [own, ...others] = stack.provider?.aws ?? [];
  if (own === undefined) return stack;
  const region = String(own.region);
  const there = new Set([region, ...others.map(({ alias }) => alias)]);
  const further = known.filter((name) => !there.has(name)).map((name) => ({ ...own, region: name, alias: name }));
  return { ...stack, provider: { ...stack.provider, aws: [own, ...others, ...further] } };
};
