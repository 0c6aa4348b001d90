/** Every resolved name, tag, list, policy document and variable is one that AWS takes. */
import { problemOf } from '../../contracts/limits/held.ts';
import { limits as table } from '../../contracts/limits/index.ts';
import type { Limit } from '../../contracts/limits/limit.ts';
import { fewerTags, tagLimits, tagProblem, twinsIn } from '../../contracts/limits/tags.ts';
import { type Measured, measuredIn } from './measured.ts';
import { Resolver } from './resolved.ts';
import type { Block, Breach, Policy, Resource, StackView } from './view.ts';

const breach = (limit: Limit, address: string, problem: string, value: Measured['value']): Breach => {
  const { at, settings, source, remedy, rule } = limit;
  const isCounted = rule.kind === 'items' || rule.kind === 'document';
  return {
    address,
    problem: at.length === 0 ? problem : `${at.join('.')} ${problem}`,
    from: { settings, value: isCounted ? '' : String(value), source, ...(remedy !== undefined && { remedy }) },
  };
};

/** A part that is known only after an apply may be of any characters, and empty. */
const holds = (limit: Limit, { value, known }: Measured): string | undefined => {
  if (known || limit.rule.kind !== 'text') return problemOf(limit, value);
  const { max, unit } = limit.rule.text;
  const rule = { kind: 'text', text: { ...(max !== undefined && { max }), ...(unit && { unit }) } } as const;
  return problemOf({ ...limit, rule }, value);
};

const ofEach = (limit: Limit, resource: Resource, resolver: Resolver): readonly Breach[] =>
  measuredIn(limit, resource, resolver).flatMap((measured) => {
    const problem = holds(limit, measured);
    return problem === undefined ? [] : [breach(limit, resource.address, problem, measured.value)];
  });

/** Resources of one group are counted, or their documents added up, together. */
const ofGroups = (limit: Limit, per: string, resources: readonly Resource[], resolver: Resolver): readonly Breach[] => {
  const groups = Map.groupBy(resources, ({ block }) => {
    const { text, known } = resolver.text(block[per] ?? '');
    return known ? text : String(block[per]);
  });
  return [...groups.values()].flatMap((members) => {
    const sum = members
      .flatMap((member) => measuredIn(limit, member, resolver))
      .reduce((total, { value }) => total + Number(value), 0);
    const problem = problemOf(limit, sum);
    return problem === undefined ? [] : [breach(limit, members[0]?.address ?? limit.type, problem, '')];
  });
};

const resourcesOf = (view: StackView, type: string): readonly Resource[] => [...view.of(type), ...view.data(type)];

export const withinLimits: Policy = {
  name: 'AWS takes it',
  breaches: (view) => {
    const resolver = new Resolver(view);
    return table.flatMap((limit) => {
      const resources = resourcesOf(view, limit.type);
      if (resources.length === 0) return [];
      return limit.per === undefined
        ? resources.flatMap((resource) => ofEach(limit, resource, resolver))
        : ofGroups(limit, limit.per, resources, resolver);
    });
  },
};

const tagsOf = (block: Block): Readonly<Record<string, string>> =>
  typeof block.tags === 'object' && block.tags !== null ? (block.tags as Readonly<Record<string, string>>) : {};

const tagBreaches = ({ type, address, block }: Resource, resolver: Resolver): readonly Breach[] => {
  const tags = tagsOf(block);
  const keys = Object.keys(tags);
  const { count, source } = fewerTags[type] ?? { count: tagLimits.count, source: tagLimits.general };
  const of = (problem: string, where: string, setting = 'tags'): Breach => ({
    address,
    problem,
    from: { settings: [setting], value: '', source: where },
  });
  return [
    ...(keys.length > count ? [of(`has ${keys.length} tags; AWS takes at most ${count} of this`, source)] : []),
    ...Object.entries(tags).flatMap(([key, value]) => {
      const problem = tagProblem(key, resolver.text(value).text);
      return problem === undefined ? [] : [of(`tag ${key} ${problem}`, tagLimits.source, `tags.${key}`)];
    }),
    ...(type.startsWith('aws_iam_') ? twinsIn(keys) : []).map(([key, earlier]) =>
      of(`has the tags ${key} and ${earlier}, which are one to IAM: drop one of them`, tagLimits.twins, `tags.${key}`),
    ),
  ];
};

/** Everything carries the same tags: what is wrong with one is said once. */
export const tagsAreTaken: Policy = {
  name: 'AWS takes the tags',
  breaches: (view) => {
    const resolver = new Resolver(view);
    const found = view.resources.flatMap((resource) => tagBreaches(resource, resolver));
    return [...Map.groupBy(found, ({ problem }) => problem).values()].flatMap(([first, ...others]) =>
      first === undefined
        ? []
        : [{ ...first, address: others.length === 0 ? first.address : `${first.address} and ${others.length} more:` }],
    );
  },
};

export const limitPolicies: readonly Policy[] = [withinLimits, tagsAreTaken];
