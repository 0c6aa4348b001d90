/** Calls of tools with arguments that are not what they should be, and what each must be told. */

export interface BadCall {
  readonly what: string;
  readonly tool: string;
  readonly args: unknown;
  /** Code of the refusal. */
  readonly code: string;
  /** It names the field and the remedy. */
  readonly message: RegExp;
}

const arn = 'arn:aws:ec2:us-east-1:123456789012:instance/i-0bad000000000010';
const tags = { Owner: 'platform@example.com' };
const operation = `op_${'0'.repeat(32)}`;

const change = (what: string, more: object, message: RegExp, code = 'invalid_input'): BadCall => ({
  what,
  tool: 'bulk_tag_resources',
  args: { resource_arns: [arn], tags, ...more },
  code,
  message,
});
const scan = (what: string, args: object, message: RegExp, code = 'invalid_input'): BadCall => ({
  what,
  tool: 'check_tag_compliance',
  args,
  code,
  message,
});

export const badCalls: readonly BadCall[] = [
  change('an unknown argument', { force: true }, /^force: is not an argument of this tool; remove it$/),
  change('an argument of another case', { Tags: tags }, /^Tags: is not an argument/),
  change('a list as text', { resource_arns: arn }, /^resource_arns: .*expected array/),
  change('numbers for texts', { resource_arns: [7] }, /^resource_arns\.0: .*expected string/),
  change('null for a list', { resource_arns: null }, /^resource_arns: .*expected array/),
  change('nothing to tag', { resource_arns: [] }, /^resource_arns: /),
  change(
    '2,501 resources',
    { resource_arns: Array.from({ length: 2501 }, (_, n) => `${arn}${n}`) },
    /^resource_arns: /,
  ),
  change('no tags', { tags: {} }, /^tags: must hold 1 to 50 tags, not 0/),
  change(
    '51 tags',
    { tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'v'])) },
    /^tags: .*not 51/,
  ),
  change('a tag that is an object', { tags: { Owner: { $ne: 1 } } }, /^tags\.Owner: .*expected string/),
  change('a tag without a key', { tags: { '': 'x' } }, /^tags/),
  change('a value over 256 characters', { tags: { Owner: 'x'.repeat(257) } }, /^tags\.Owner: /),
  change('a value of half a megabyte', { tags: { Owner: 'x'.repeat(500_000) } }, /^tags\.Owner: /),
  change('text for yes or no', { approval_required: 'false' }, /^approval_required: .*expected boolean/),
  change('a reason without end', { reason: 'x'.repeat(501) }, /^reason: /),
  change('what is no ARN', { resource_arns: ['i-0bad000000000010'] }, /^resource_arns: 1 of 1 are not ARNs/),
  change('an ARN with another line', { resource_arns: [`${arn}\nX: y`] }, /^resource_arns: /),
  change(
    'an ARN in other letters',
    { resource_arns: [arn.replace('aws', 'аws')] },
    /^resource_arns: 1 of 1 are not ARNs/,
  ),
  change(
    'a type that cannot be tagged',
    { resource_arns: ['arn:aws:iam::123456789012:role/admin'] },
    /^resource_arns: /,
  ),
  change(
    'a region that is not enabled',
    { resource_arns: [arn.replace('us-east-1', 'ap-south-1')] },
    /^resource_arns: region ap-south-1 is not enabled here. Enabled: /,
  ),
  change(
    'another company’s account',
    { resource_arns: [arn.replace('123456789012', '999999999999')] },
    /999999999999 is no AWS account.*may act on 123456789012/,
    'account_not_authorized',
  ),
  change('a key that AWS keeps for itself', { tags: { 'aws:cloudformation:stack-id': 'x' } }, /reserved_prefix/),
  change('an id to go on with, which no change has', { intent_id: 'int_made_up' }, /^intent_id: /),
  scan('a word that is no choice', { severity: 'loud' }, /^severity: .*errors_only/),
  scan('a type there is not', { resource_types: ['ec2:unicorn'] }, /^resource_types: ec2:unicorn is not enabled here/),
  scan('all and one type', { resource_types: ['all', 's3:bucket'] }, /^resource_types: name types, or only/),
  scan(
    'a region that is not enabled',
    { regions: ['mars-1'] },
    /^regions: mars-1 is not enabled here. Enabled: us-east-1/,
  ),
  scan('a number as text', { limit: '10' }, /^limit: .*expected number/),
  scan('a number with a fraction', { limit: 1.5 }, /^limit: /),
  scan('a number below the least', { limit: -1 }, /^limit: /),
  scan('a cursor of somewhere else', { cursor: 'WyJ4Il0x' }, /^cursor: is not one this tool gave/),
  scan(
    'another role',
    { cross_account_role_name: 'OrganizationAdmin' },
    /^cross_account_role_name: must be the role the operator configured/,
  ),
  scan('another company’s account', { accounts: ['999999999999'] }, /999999999999/, 'account_not_authorized'),
  {
    what: 'no arguments',
    tool: 'preview_bulk_tagging',
    args: {},
    code: 'invalid_input',
    message: /resource_arns: .*; tags: /,
  },
  {
    what: 'an id that is none',
    tool: 'get_operation',
    args: { operation_id: 'op_1' },
    code: 'invalid_input',
    message: /^operation_id: must be an operation id/,
  },
  {
    what: 'an id with an invisible character',
    tool: 'get_operation',
    args: { operation_id: `op_${'0'.repeat(31)}\u200b` },
    code: 'invalid_input',
    message: /^operation_id: [\x20-\x7e]*$/,
  },
  {
    what: 'an id nobody has',
    tool: 'get_operation',
    args: { operation_id: operation },
    code: 'not_found',
    message: /^operation_id: there is no operation op_0/,
  },
  {
    what: 'an id nobody has',
    tool: 'rollback_operation',
    args: { operation_id: operation },
    code: 'not_found',
    message: /^operation_id: /,
  },
  {
    what: 'an id nobody has',
    tool: 'confirm_operation',
    args: { operation_id: operation },
    code: 'not_found',
    message: /^operation_id: /,
  },
  {
    what: 'a time that is none',
    tool: 'get_audit_log',
    args: { from: 'yesterday' },
    code: 'invalid_input',
    message: /^from: /,
  },
  {
    what: 'another person’s records',
    tool: 'get_audit_log',
    args: { person: 'ben' },
    code: 'access_denied',
    message: /^person.*scope admin/,
  },
];
