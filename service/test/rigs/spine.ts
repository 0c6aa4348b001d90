/** The short way of the story, for any agent and any way to countersign: read, ask, see it done, take it back. */
import { ask, Compliance, complianceNow, Detail, Preview, Requested, Untagged } from './answers.ts';
import type { Agent } from './clients.ts';

export interface Walk {
  readonly agent: Agent;
  /** Has somebody else countersign it. */
  readonly countersign: (operationId: string, approvalUrl: string) => Promise<unknown>;
}

const tags = { Owner: 'platform@example.com' };

/** Resources that lack an owner and nothing else, so that naming one makes each compliant. */
export const ownerless = async (agent: Pick<Agent, 'call'>, count: number): Promise<string[]> => {
  const found = await ask(agent, Untagged, 'find_untagged_resources', { limit: 200 });
  const missing = found.resources.filter(({ missing_required_tags }) => missing_required_tags.join() === 'Owner');
  expect(missing.length).toBeGreaterThanOrEqual(count);
  return missing.slice(0, count).map(({ arn }) => arn);
};

/** Walks it and leaves the estate as it was. Every step is looked at; @returns the operation and its revert */
export const walk = async ({ agent, countersign }: Walk): Promise<{ applied: string; reverted: string }> => {
  // Hosts list the tools first, and from then on hold each answer against its schema.
  expect(await agent.tools()).toContain('rollback_operation');
  const before = await complianceNow(agent);
  expect(before.data_quality.status).toBe('complete');
  const resource_arns = await ownerless(agent, 3);
  const { preview } = await ask(agent, Preview, 'preview_bulk_tagging', { resource_arns, tags });
  expect(preview).toMatchObject({
    resources_affected: 3,
    resources_gained: 3,
    current_compliance: before.compliance_score,
  });

  const request = await ask(agent, Requested, 'bulk_tag_resources', { resource_arns, tags, reason: 'Nobody’s' });
  expect(request).toMatchObject({ status: 'pending_approval', resources_affected: 3 });
  const applied = request.request_id;
  const state = (operation_id: string) => ask(agent, Detail, 'get_operation', { operation_id });
  expect(await state(applied)).toMatchObject({ status: 'awaiting-countersign' });
  await countersign(applied, request.approval_url);
  expect(await state(applied)).toMatchObject({ status: 'applied', result: { applied: 3, failed: 0, skipped: 0 } });
  const between = await ask(agent, Compliance, 'check_tag_compliance');
  expect(between.compliant_resources).toBe(before.compliant_resources + 3);

  const revert = await ask(agent, Detail, 'rollback_operation', { operation_id: applied });
  expect(revert).toMatchObject({ status: 'awaiting-countersign', reverts: applied });
  await countersign(revert.operation_id, revert.approval_url);
  expect(await state(applied)).toMatchObject({ status: 'reverted', reverted_by: revert.operation_id });
  const after = await ask(agent, Compliance, 'check_tag_compliance');
  expect(after.compliant_resources).toBe(before.compliant_resources);
  return { applied, reverted: revert.operation_id };
};
