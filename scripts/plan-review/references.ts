/** Which resources of a plan refer to one that is destroyed, as they stand before and after. */
import { type PlanJson, priorResources, type ResourceChange } from './plan-json.ts';

type Prior = ReturnType<typeof priorResources>[number];

export interface Reference {
  /** What is destroyed. */
  readonly destroyed: Prior;
  /** What refers to it, and what becomes of that; without a change it stays as it is. */
  readonly user: Prior;
  readonly change: ResourceChange | undefined;
  /** It refers to it after the plan too. */
  readonly stays: boolean;
}

/** Attributes by which others refer to a resource. */
const identities = ['id', 'arn', 'dns_name', 'invoke_arn', 'key_id', 'allocation_id', 'arn_suffix'] as const;

/** Attributes that a plan repeats from the state, and that AWS sets anew from the others. */
const echoed: Readonly<Record<string, readonly string[]>> = {
  // RDS forgets the role when the interval becomes 0.
  aws_db_instance: ['monitoring_role_arn'],
  aws_vpc_endpoint: ['subnet_configuration'],
};

/** Of Terraform alone: nothing stands for them at AWS. */
const isImaginary = ({ type, values }: Prior): boolean =>
  type === 'aws_acm_certificate_validation' || values.skip_destroy === true;

const namesOf = ({ values }: Prior): readonly string[] =>
  identities.map((name) => values[name]).filter((value): value is string => typeof value === 'string' && value !== '');

const madeFrom = ({ depends_on = [] }: Prior): readonly string[] => depends_on;

/** Nobody else has such a name: an ARN, or an id that AWS made. */
const isUnmistakable = (text: string): boolean => text.startsWith('arn:') || /^[a-z]+-[0-9a-f]{8,}$/.test(text);

const holds = (value: unknown, texts: ReadonlySet<string>): boolean => {
  if (typeof value === 'string') return texts.has(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((part) => holds(part, texts));
};

/** Without its own names, which may be those of what it refers to. */
const withoutOwn = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !['id', 'arn', 'name'].includes(name)));

/** Whether the change takes away what stood before. */
export const isDestroyed = (change: ResourceChange | undefined): boolean =>
  change?.change.actions.includes('delete') ?? false;

const staysReferring = ({ type, values }: Prior, change: ResourceChange | undefined, texts: ReadonlySet<string>) => {
  if (isDestroyed(change)) return false;
  const after = change === undefined ? values : (change.change.after ?? {});
  const repeated = change?.change.actions.includes('update') ? (echoed[type] ?? []) : [];
  return holds(
    Object.fromEntries(Object.entries(withoutOwn(after)).filter(([name]) => !repeated.includes(name))),
    texts,
  );
};

/** Every reference to what a plan destroys, replacements included. */
export const referencesIn = (plan: PlanJson): readonly Reference[] => {
  const changes = new Map(plan.resource_changes.map((change) => [change.address, change]));
  const prior = priorResources(plan).filter(({ address }) => !address.startsWith('data.'));
  const byAddress = new Map(prior.map((resource) => [resource.address, resource]));
  return plan.resource_changes
    .filter(isDestroyed)
    .map(({ address, type, change }): Prior => {
      const depends_on = byAddress.get(address)?.depends_on;
      return { address, type, values: change.before ?? {}, depends_on };
    })
    .filter((resource) => !isImaginary(resource))
    .flatMap((destroyed) => {
      // A vault in another region may have the same name.
      const twins = prior
        .filter(({ type, address }) => type === destroyed.type && !isDestroyed(changes.get(address)))
        .flatMap(namesOf);
      // The id of a rule's target may be that of what it targets.
      const borrowed = new Set([
        ...twins,
        ...madeFrom(destroyed).flatMap((address) => {
          const other = byAddress.get(address);
          return other === undefined ? [] : namesOf(other);
        }),
      ]);
      const texts = new Set(namesOf(destroyed).filter((text) => !borrowed.has(text)));
      const unmistakable = new Set([...texts].filter(isUnmistakable));
      return prior
        .filter(
          (user) =>
            user.address !== destroyed.address && !isImaginary(user) && !madeFrom(destroyed).includes(user.address),
        )
        .filter((user) => {
          // A plan forgets a dependency that the configuration no longer has.
          const depends = madeFrom(user).includes(destroyed.address);
          return holds(withoutOwn(user.values), depends ? texts : unmistakable);
        })
        .map((user) => {
          const change = changes.get(user.address);
          return { destroyed, user, change, stays: staysReferring(user, change, texts) };
        });
    });
};
