import { TerraformOutput } from 'cdktf';
import { synthesized } from '../testing/synthesized.ts';
import { HeaderSecret } from './header-secret.ts';

interface Declared {
  readonly variable: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly output: Readonly<Record<string, { readonly value: string }>>;
}

const declared = (): Declared => {
  const { json } = synthesized((stack) => {
    const secret = HeaderSecret.of(stack, 'origin_verify_values');
    expect(HeaderSecret.of(stack, 'origin_verify_values')).toBe(secret);
    new TerraformOutput(stack, 'accepted', { value: secret.accepted });
    new TerraformOutput(stack, 'sent', { value: secret.sent });
    new TerraformOutput(stack, 'hashes', { value: secret.hashes });
  });
  return JSON.parse(json) as Declared;
};

describe('a header secret', () => {
  it('is one sensitive variable without default, so that a plan without it stops', () => {
    const { variable } = declared();
    expect(Object.keys(variable)).toEqual(['origin_verify_values']);
    expect(variable.origin_verify_values).toMatchObject({ type: 'list(string)', sensitive: true, nullable: false });
    expect(variable.origin_verify_values).not.toHaveProperty('default');
  });

  it('refuses what a load balancer would compare loosely or anybody could guess', () => {
    expect(JSON.stringify(declared().variable.origin_verify_values?.validation)).toContain('^[A-Za-z0-9_-]{32,100}$');
  });

  it('sends the first value, accepts all, and tells their hashes', () => {
    expect(declared().output).toEqual({
      accepted: { value: `\${var.origin_verify_values}` },
      sent: { value: `\${element(var.origin_verify_values, 0)}` },
      hashes: { value: `\${nonsensitive(jsonencode([for value in var.origin_verify_values : sha256(value)]))}` },
    });
  });
});
