/** An id that is made anew whenever one of some values changes. */
import { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

/** `terraform_data`. cdktf's DataResource would run `terraform version` whenever a stack is validated. */
export class Generation extends TerraformResource {
  readonly #of: Readonly<Record<string, string>>;

  /** @param of a change of these makes a new id */
  constructor(scope: Construct, id: string, of: Readonly<Record<string, string>>) {
    super(scope, id, {
      terraformResourceType: 'terraform_data',
      terraformGeneratorMetadata: { providerName: 'terraform' },
    });
    this.#of = of;
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { triggers_replace: this.#of };
  }
}
