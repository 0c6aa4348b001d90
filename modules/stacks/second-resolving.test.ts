import { DefaultTokenResolver, StringConcat, TerraformStack, Testing, Tokenization } from 'cdktf';
import { archives, settingsOf } from '../testing/synthesized.ts';
import { withoutSecondResolving } from './second-resolving.ts';
import { buildApp } from './synthesize.ts';

const target = { kind: 'aws' } as const;

describe('a stack that is resolved once', () => {
  it.each(['dev', 'prod'])('holds nothing that resolving %s again would change', async (name) => {
    const app = buildApp({ label: name, regions: await settingsOf(name), target, outdir: 'unused', archives });
    const stacks = app.node.children.filter((child) => child instanceof TerraformStack);
    expect(stacks).not.toEqual([]);
    for (const stack of stacks) {
      const once: unknown = JSON.parse(Testing.synth(stack));
      const resolver = new DefaultTokenResolver(new StringConcat());
      expect(Tokenization.resolve(once, { scope: stack, resolver, preparing: false })).toEqual(once);
    }
  });

  it('leaves resolving as it was, also when a stack cannot be made', () => {
    const { resolve } = Tokenization;
    const failing = () => {
      expect(Tokenization.resolve).not.toBe(resolve);
      throw new Error('no stack');
    };
    expect(() => withoutSecondResolving(failing)).toThrow('no stack');
    expect(Tokenization.resolve).toBe(resolve);
  });
});
