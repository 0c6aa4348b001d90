import { z } from 'zod';
import { contextFor, startPack } from '../../../test/estate/pack.ts';
import { policyResource, taggingPrompts } from './prompts.ts';

const fieldsOf = (schema: z.ZodObject): [string, string | undefined][] =>
  Object.entries(schema.shape).map(([name, field]) => {
    const json = z.toJSONSchema(field instanceof z.ZodType ? field : z.never());
    return [name, json.description];
  });

describe('the tagging pack', () => {
  it('describes every argument, and refuses unknown ones', async () => {
    const { tools } = await startPack();
    for (const tool of tools.values()) {
      for (const [name, description] of fieldsOf(tool.input))
        expect([tool.name, name, description]).not.toContain(undefined);
      expect(tool.input.safeParse({ surprise: 1 }).error?.issues.map((issue) => issue.code)).toContain(
        'unrecognized_keys',
      );
    }
  });

  it('marks what changes something as destructive, and only that', async () => {
    const { tools } = await startPack();
    // A schedule is added or waits; nothing is lost by either.
    const additive = ['schedule_compliance_audit', 'pause_compliance_audit'];
    for (const { name, kind, annotations, scopesFor } of tools.values()) {
      // A query that takes more scopes for some arguments has a change asked for.
      expect(annotations.readOnlyHint).toBe(kind === 'query' && scopesFor === undefined);
      expect([name, annotations.destructiveHint]).toEqual([name, kind !== 'query' && !additive.includes(name)]);
    }
  });

  it('lets admins alone save a tag policy of AWS, and everybody look at it', async () => {
    const { find } = await startPack();
    const { scopesFor } = find('import_aws_tag_policy');
    const needs = (args: Record<string, unknown>) => scopesFor?.(args, contextFor().caller);
    expect(await needs({ policy_id: 'effective' })).toEqual(['admin']);
    for (const args of [{}, { save_to_file: true }, { policy_id: 'effective', save_to_file: false }])
      expect(await needs(args)).toEqual(['tag:read']);
  });

  it('reads its policy as a resource', async () => {
    const { parts } = await startPack();
    const policy = await policyResource(parts.policy).read(contextFor().caller);
    expect(JSON.parse(policy)).toMatchObject({
      source: 'sandbox',
      policy: { version: '2.1' },
    });
  });

  it('starts three jobs with prompts that name only tools that exist', async () => {
    const { parts, tools } = await startPack();
    const prompts = taggingPrompts(parts);
    const known = [...tools.keys(), 'list_pending_operations', 'get_operation'];
    expect(prompts.map((prompt) => prompt.name)).toEqual([
      'monthly_compliance_review',
      'fix_untagged_resources',
      'review_pending_approvals',
    ]);
    for (const prompt of prompts) {
      const [message] = prompt.render({ owner: 'team@example.com', account: '123456789012', cost_center: 'Data' });
      for (const [name] of message?.text.matchAll(/\b[a-z]+(?:_[a-z]+){2,}\b/g) ?? []) expect(known).toContain(name);
    }
    const [, fix] = prompts;
    expect(fix?.render({ owner: 'team@example.com', cost_center: 'Data' })[0]?.text).toContain(
      'Owner team@example.com and CostCenter Data',
    );
    const caller = contextFor().caller;
    expect(await fix?.arguments[1]?.complete?.('p', caller)).toEqual(['Platform']);
    expect(await prompts[0]?.arguments[0]?.complete?.('1', caller)).toEqual(['123456789012']);
  });
});
