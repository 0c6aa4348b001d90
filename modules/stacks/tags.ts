/** Tags on everything that takes tags. */
import { type IAspect, TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { Settings } from '../../contracts/settings/resolve.ts';

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
  Project: project_name,
  Environment: environment,
  ManagedBy: 'countersign',
  Stack: stack,
  ...tags,
});

/** Adds the environment's tags; a resource's own tags win. */
export class TagEverything implements IAspect {
  readonly #tags: Readonly<Record<string, string>>;

  constructor(settings: Settings, stack: string) {
    this.#tags = tagsOf(settings, stack);
  }

  visit(node: IConstruct): void {
    if (node instanceof TerraformResource && takesTags(node)) node.tags = { ...this.#tags, ...node.tagsInput };
  }
}
