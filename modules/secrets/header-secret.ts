/**
 * Values of a secret header. They come in as a sensitive Terraform variable, `TF_VAR_<name>`, for a tfvars file is no
 * place for a secret. There is no default: a plan without them stops and asks.
 */
import { Fn, TerraformStack, TerraformVariable, VariableType } from 'cdktf';
import { Construct } from 'constructs';

export const headerSecrets = {
  origin_verify_values: 'What CloudFront sends in x-origin-verify, and while it is rotated also its predecessor.',
  preview_values: 'The secret part of x-mcp-preview, and while it is rotated also its predecessor.',
} as const;
export type HeaderSecretName = keyof typeof headerSecrets;

/** Name of the secret, after the environment's prefix, that holds a variable's values. */
export const secretOfVariable: Readonly<Record<HeaderSecretName, string>> = {
  origin_verify_values: 'origin-verify',
  preview_values: 'preview',
};

export class HeaderSecret extends Construct {
  /** All values that are accepted, one or two. */
  readonly accepted: string[];
  /** The one to send. */
  readonly sent: string;
  /** Their SHA-256 as a JSON list: tells a value without giving it away, so it is not sensitive. */
  readonly hashes: string;

  private constructor(scope: Construct, id: string, name: HeaderSecretName) {
    super(scope, id);
    const variable = new TerraformVariable(this, 'values', {
      type: VariableType.LIST_STRING,
      description: `${headerSecrets[name]} One or two, the one to send first.`,
      sensitive: true,
      nullable: false,
    });
    variable.overrideLogicalId(name);
    variable.addValidation({
      // No * and no ?, which stand for other characters in a load balancer's condition.
      condition: `\${length(var.${name}) >= 1 && length(var.${name}) <= 2 && alltrue([for value in var.${name} : can(regex("^[A-Za-z0-9_-]{32,100}$", value))])}`,
      errorMessage: `${name} must be a list of one or two texts of 32 to 100 letters, digits, _ and -.`,
    });
    this.accepted = variable.listValue;
    this.sent = Fn.element(variable.listValue, 0);
    this.hashes = `\${nonsensitive(jsonencode([for value in var.${name} : sha256(value)]))}`;
  }

  /** The secret of this name, declared once a stack. */
  static of(scope: Construct, name: HeaderSecretName): HeaderSecret {
    const stack = TerraformStack.of(scope);
    const existing = stack.node.tryFindChild(name);
    return existing instanceof HeaderSecret ? existing : new HeaderSecret(stack, name, name);
  }
}
