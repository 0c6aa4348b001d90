/** Tags on everything that takes tags. */
import { type IAspect, TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import { fewerTags } from '../../contracts/limits/tags.ts';
import type { Settings } from '../../contracts/settings/resolve.ts';
import type { ownTags } from '../../contracts/settings/tags.ts';

/** Resources of the provider have `tagsInput` when they take tags. */
interface Taggable {
  tagsInput?: Record<string, string> | undefined;
  tags?: Record<string, string>;
}
const takesTags = (node: TerraformResource): node is TerraformResource & Taggable => 'tagsInput' in node;

/** The tags of everything in a stack. */
export const tagsOf = (
  { project_name, environment, tags }: Settings,
  stack: string,
): Readonly<Record<string, string>> => ({
  ...({
    Project: project_name,
    Environment: environment,
    ManagedBy: 'countersign',
    Stack: stack,
  } satisfies Record<(typeof ownTags)[number], string>),
  ...tags,
});

/** Hosted zones, health checks and objects take ten tags: the platform's, their own, and the first of the environment's. */
const fitting = (type: string, tags: Readonly<Record<string, string>>, own: Readonly<Record<string, string>>) => {
  const all = { ...tags, ...own };
  const most = fewerTags[type]?.count;
  if (most === undefined || Object.keys(all).length <= most) return all;
  const given = Object.entries(tags).filter(([key]) => !Object.hasOwn(own, key));
  return { ...Object.fromEntries(given.slice(0, most - Object.keys(own).length)), ...own };
};

/** Adds the environment's tags; a resource's own tags win. */
export class TagEverything implements IAspect {
  readonly #tags: Readonly<Record<string, string>>;

  constructor(settings: Settings, stack: string) {
    this.#tags = tagsOf(settings, stack);
  }

  visit(node: IConstruct): void {
    if (node instanceof TerraformResource && takesTags(node))
      node.tags = fitting(node.terraformResourceType, this.#tags, node.tagsInput ?? {});
  }
}
