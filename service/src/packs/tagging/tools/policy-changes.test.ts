import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';

const EFFECTIVE = { policy_id: 'effective' };

describe('a change of the tagging policy', () => {
  let pack: OnePack;
  let first: unknown;
  beforeAll(async () => {
    pack = await openOnePack('tagging');
    await pack.call('check_tag_compliance', { store_snapshot: true });
    first = (await policy()).version;
  });
  afterEach(async () => {
    if ((await policy()).version !== first)
      await pack.approve(await pack.ask('change_tagging_policy', { to_version: 1 }));
  });
  afterAll(() => pack.close());
  const policy = () => pack.call('get_tagging_policy', {});
  const score = async () => (await pack.call('check_tag_compliance', {})).compliance_score;

  it('says what becomes of the score, holds once it is approved, and is taken back exactly', async () => {
    const was = await score();
    const asked = await pack.ask('change_tagging_policy', EFFECTIVE);
    expect(asked).toMatchObject({ status: 'awaiting-countersign', countersign: 'second-person' });
    expect((await policy()).version).toBe(first);
    const [told] = asked.plan.impact;
    expect(told).toMatchObject({ label: 'Tag compliance', before: was });

    const applied = await pack.approve(asked);
    expect(applied.status).toBe('applied');
    expect(await policy()).toMatchObject({ version_number: 2, source: 'organizations', source_id: 'effective' });
    expect(told?.after).toBe(await score());

    const reverted = await pack.approve(await pack.revert(applied));
    expect(reverted.status).toBe('applied');
    expect(await policy()).toMatchObject({ version: first, version_number: 3, source: 'sandbox' });
  });

  it('tells tag by tag how many resources become violations', async () => {
    const { plan } = await pack.ask('change_tagging_policy', {
      policy: { version: '2', last_updated: '2026-11-30', required_tags: [{ name: 'Nobody' }] },
    });
    const [, , scope] = plan.impact;
    expect(plan.impact).toContainEqual(
      expect.objectContaining({ label: 'Resources without a right Nobody', before: 0, after: scope?.after }),
    );
    expect(plan.impact).toContainEqual(expect.objectContaining({ label: 'Resources without a right Owner', after: 0 }));
    expect(plan.warnings).toContainEqual(expect.stringMatching(/^Compliant now, a violation after: \d+ resources\.$/));
  });

  it('voids approvals of tag changes: what was planned by the policy before is planned again', async () => {
    const found = await pack.call('find_untagged_resources', {});
    const [{ arn } = { arn: '' }] = Array.isArray(found.resources) ? found.resources : [];
    const tagging = await pack.ask('bulk_tag_resources', { resource_arns: [arn], tags: { CostCenter: 'Data' } });
    await pack.approve(await pack.ask('change_tagging_policy', EFFECTIVE));
    await expect(pack.approve(tagging)).rejects.toMatchObject({ code: 'policy_changed' });
    const again = await pack.call('get_operation', { operation_id: tagging.operationId });
    expect(again).toMatchObject({ status: 'awaiting-countersign', policy_version: (await policy()).version });
  });

  it('is planned again where another was approved first', async () => {
    const one = await pack.ask('change_tagging_policy', EFFECTIVE);
    const other = await pack.ask('change_tagging_policy', { policy_id: 'p-sandboxdata0001' });
    await pack.approve(one);
    await expect(pack.approve(other)).rejects.toMatchObject({ code: 'policy_changed' });
    expect(await policy()).toMatchObject({ source_id: 'effective' });
  });

  it('goes back to an earlier version by its number', async () => {
    await pack.approve(await pack.ask('change_tagging_policy', EFFECTIVE));
    await pack.approve(await pack.ask('change_tagging_policy', { to_version: 1 }));
    expect(await policy()).toMatchObject({ version: first, source: 'sandbox' });
  });

  it('is not asked for where nothing would change', async () => {
    const { policy: whole } = await policy();
    await expect(pack.ask('change_tagging_policy', { policy: whole })).rejects.toThrow('Nothing would change');
  });

  it.each([
    ['two sources', { ...EFFECTIVE, to_version: 1 }, 'give one of policy_id, to_version and policy'],
    ['no source', {}, 'give one of policy_id, to_version and policy'],
    ['a policy of the AWS form', { policy: { tags: { owner: {} } } }, 'is a tag policy of AWS'],
    ['a policy with mistakes', { policy: { version: '1' } }, 'required_tags'],
    ['a version that there is not', { to_version: 99 }, 'there is no version 99'],
    ['a tag policy that there is not', { policy_id: 'p-nosuchpolicy' }, 'there is no tag policy p-nosuchpolicy'],
  ])('is refused with %s', async (_, input, message) => {
    await expect(pack.ask('change_tagging_policy', input)).rejects.toThrow(message);
  });

  it('is shown on the page with every version and what it changed', async () => {
    const applied = await pack.approve(await pack.ask('change_tagging_policy', EFFECTIVE));
    const waiting = await pack.ask('change_tagging_policy', { to_version: 1 });
    const { version_number: number } = await policy();
    const { main } = await pack.show('/tagging-policy', { version: String(number) });
    const shown = main.toString();
    for (const text of [
      `${number} (holds)`,
      `What version ${number} changed`,
      'Required tag Owner',
      'DataClassification',
      applied.operationId,
    ])
      expect(shown).toContain(text);
    expect(shown).toContain(`/approvals/${waiting.operationId}`);
  });
});

describe('importing a tag policy of AWS', () => {
  let pack: OnePack;
  beforeAll(async () => {
    pack = await openOnePack('tagging');
  });
  afterAll(() => pack.close());
  const bring = (input: object) => pack.call('import_aws_tag_policy', input);

  it('lists what there is', async () => {
    expect(await bring({})).toMatchObject({
      status: 'listed',
      policy: null,
      available_policies: [{ policy_id: 'p-sandboxfinance1' }, { policy_id: 'p-sandboxdata0001' }],
    });
  });

  it('names what there is where the id is of none', async () => {
    expect(await bring({ policy_id: 'p-nosuchpolicy' })).toMatchObject({
      status: 'error',
      message: expect.stringContaining('there is no tag policy p-nosuchpolicy'),
      available_policies: [{ policy_id: 'p-sandboxfinance1' }, { policy_id: 'p-sandboxdata0001' }],
    });
  });

  it('shows a policy and what changes its meaning, and asks for nothing', async () => {
    const shown = await bring({ policy_id: 'p-sandboxdata0001', save_to_file: false });
    expect(shown).toMatchObject({
      status: 'success',
      saved_to: null,
      request: null,
      policy: { required_tags: [{ name: 'DataClassification', applies_to: ['rds:cluster', 'rds:db', 's3:bucket'] }] },
      summary: { required_tags_count: 1, optional_tags_count: 1, enforced_services: ['rds', 's3'] },
    });
    const told = Array.isArray(shown.semantic_differences) ? shown.semantic_differences : [];
    expect(told.map(({ code }) => code)).toEqual([
      'operators_ignored',
      'enforced_is_not_required',
      'wildcard_dropped',
      'unmapped_type',
      'key_case_defaulted',
      'required_in_source',
    ]);
  });

  it('asks once for it to hold, and says that no file is written', async () => {
    const asked = await bring({ policy_id: 'p-sandboxfinance1' });
    expect(asked).toMatchObject({
      status: 'success',
      saved_to: 'version of the tagging policy, once somebody approves it',
      request: { status: 'awaiting-countersign', approval_url: expect.stringContaining('/approvals/op_') },
      message: expect.stringContaining('no file is written'),
    });
    expect(await bring({ policy_id: 'p-sandboxfinance1' })).toMatchObject({ request: asked.request });
  });

  it.each([
    '../policy.json',
    '/etc/policy.json',
    'policies/../../x.json',
    'policies//x.json',
    'policies/x.yaml',
    'x.json',
    'policies\\x.json',
    'policies/./x.json',
    'policies/\u0000.json',
  ])('refuses the path %j', async (path) => {
    await expect(bring({ policy_id: 'effective', output_path: path })).rejects.toThrow('output_path');
  });
});
