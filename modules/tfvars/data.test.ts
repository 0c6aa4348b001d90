/** A file of settings is data: no spelling of an expression reaches a plan, and a text means what it says. */
import { TerraformStack, Testing } from 'cdktf';
import { buildApp } from '../stacks/synthesize.ts';
import { archives } from '../testing/synthesized.ts';
import { readTfvars } from './read.ts';

const file = 'environments/tiny.tfvars';
/** No network, no store: small and quick to synthesize. */
const tiny = {
  project_name: 'tiny',
  kind: 'dev',
  account_id: '111122223333',
  regions: ['us-east-1'],
  compute_mode: 'lambda',
  ingress_mode: 'api-gateway',
  domain_name: 'tiny.example.com',
  hosted_zone_id: 'Z0123456789',
  store_mode: 'dynamodb',
  auth: 'cognito',
};
const hcl = (more: string) =>
  `${Object.entries(tiny)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
    .join('\n')}\n${more}\n`;
const json = (more: object) => JSON.stringify({ ...tiny, ...more }, null, 2);
/** The line that `more` begins on. */
const LINE = Object.keys(tiny).length + 1;

const said = (read: Promise<unknown>): Promise<string> =>
  read.then(
    () => 'nothing',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('an expression is refused with file, line and setting', () => {
  it.each([
    ['Owner', 'file("/etc/hostname")', 'calls file()'],
    ['Owner', '"${file("/etc/hostname")}"', 'holds an interpolation'],
    ['Owner', '"host ${ file ( "/etc/hostname" ) }"', 'holds an interpolation'],
    ['Owner', '"${~ file("/etc/hostname") ~}"', 'holds an interpolation'],
    ['Owner', '(file("/etc/hostname"))', 'is an expression'],
    ['Owner', '[file("/etc/hostname")][0]', 'is an expression'],
    ['Owner', '{ a = file("/etc/hostname") }.a', 'is an expression'],
    ['Owner', 'upper("x")', 'calls upper()'],
    ['Owner', 'provider::aws::arn_parse("x")', 'calls provider::aws::arn_parse()'],
    ['Owner', 'var.owner', 'refers to var.owner'],
    ['Owner', 'data.aws_caller_identity.me[*].arn', 'is an expression'],
    ['Owner', 'True', 'refers to True'],
    ['Owner', 'true ? "a" : "b"', 'is an expression'],
    ['Owner', '"a" == "b"', 'is an expression'],
    ['Owner', '1 + 2', 'is an expression'],
    ['Owner', '"${"x"}"', 'holds an interpolation'],
    ['Owner', '"${1}"', 'holds an interpolation'],
    ['Owner', '"%{ if true }a%{ endif }"', 'holds an interpolation'],
    ['Owner', '"%{ for a in ["x"] }${a}%{ endfor }"', 'holds an interpolation'],
    ['Owner', '<<EOT\n${file("/etc/hostname")}\nEOT\n', 'holds an interpolation'],
    ['Owner', '{ for k, v in { a = 1 } : k => v }', 'is an expression'],
  ])('tags.%s = %s', async (name, value, says) => {
    const found = await said(readTfvars(file, hcl(`tags = { ${name} = ${value} }`)));
    expect(found).toContain(`EnvironmentError: The environment cannot be used:\n  ${file}:${LINE} tags.Owner ${says}`);
    expect(found).toContain('a tfvars file is data only: write the value itself');
  });

  it.each([
    ['a whole setting', 'tags = merge({ a = "b" })', `:${LINE} tags calls merge()`],
    ['the name of a part', 'tags = { (var.x) = "b" }', `:${LINE} tags has a name that is an expression`],
    ['the name of a part', 'tags = { "a${var.x}" = "b" }', `:${LINE} tags has a name that is an expression`],
    [
      'an item of a list',
      'ops_emails = [\n  "a@example.com",\n  var.b,\n]',
      `:${LINE + 2} ops_emails.1 refers to var.b`,
    ],
    [
      'a part of a region',
      'region_settings = {\n us-east-1 = {\n vpc_cidr = cidrsubnet("10.0.0.0/8", 8, 1)\n}\n}',
      `:${LINE + 2} region_settings.us-east-1.vpc_cidr calls cidrsubnet()`,
    ],
  ])('%s', async (_, more, says) => {
    expect(await said(readTfvars(file, hcl(more)))).toContain(`  ${file}${says}`);
  });

  it.each(['${var.x}', '%{ if true }a%{ endif }', '$$${a} ${file("/etc/hostname")}'])(
    'in JSON too: %s',
    async (Owner) => {
      expect(await said(readTfvars(`${file}.json`, json({ tags: { Owner } })))).toMatch(
        /tfvars\.json:\d+ tags\.Owner holds an interpolation; a tfvars file is data only/,
      );
    },
  );

  it('a marker of cdktf, which it would replace by what it stands for', async () => {
    expect(await said(readTfvars(file, hcl('tags = { Owner = "$${TfToken[TOKEN.0]}" }')))).toContain(
      `${file}:${LINE} tags.Owner holds TfToken[`,
    );
  });

  it.each([
    ['tags = { __proto__ = "a" }', 'tags.__proto__'],
    ['tags = { "__proto__" = "a" }', 'tags.__proto__'],
    ['region_settings = { us-east-1 = { tags = { __proto__ = "a" } } }', 'region_settings.us-east-1.tags.__proto__'],
    ['region_settings = { __proto__ = { vpc_cidr = "10.0.0.0/16" } }', 'region_settings.__proto__'],
    ['scale_schedules = { a = { __proto__ = { min = 1 } } }', 'scale_schedules.a.__proto__'],
    ['__proto__ = "a"', '__proto__'],
  ])('a name that JavaScript would drop: %s', async (more, setting) => {
    expect(await said(readTfvars(file, hcl(more)))).toContain(
      `${file}:${LINE} ${setting} is a name that would be dropped: choose another one`,
    );
  });

  it('a name that JavaScript would drop, in JSON; and no other name of its own objects', async () => {
    const text = json({ tags: { Owner: 'a' } }).replace('"Owner"', '"__proto__"');
    expect(await said(readTfvars(`${file}.json`, text))).toMatch(
      /tfvars\.json:\d+ tags\.__proto__ is a name that would/,
    );
    const names = ['constructor', 'prototype', 'toString', 'hasOwnProperty', 'then'];
    const [settings] = await readTfvars(file, hcl(`tags = { ${names.map((name) => `${name} = "a"`).join(', ')} }`));
    expect(Object.keys(settings?.tags ?? {}).toSorted()).toEqual(names.toSorted());
  });

  it('and nothing in a comment is one', async () => {
    const more = '# ${var.x} file("y")\n// %{ if }\n/* ${a}\n %{b} */ tags = { Owner = "a" } # ${var.y}\n';
    expect(await said(readTfvars(file, hcl(more)))).toBe('nothing');
  });
});

describe('a literal ${ and %{', () => {
  const value = 'a $${b} %%{c} $$${d} $ % {e}';
  const meant = 'a ${b} %{c} $${d} $ % {e}';
  const more = { container_env: { LOG_LEVEL: 'info', SSO_CLIENT_ID: value } };
  const files: readonly (readonly [string, string])[] = [
    [file, hcl(`container_env = ${JSON.stringify(more.container_env)}`)],
    [`${file}.json`, json(more)],
  ];

  it.each(files)('is written $${ and %%{ in %s, and read as what is meant', async (name, text) => {
    const [settings] = await readTfvars(name, text);
    expect(settings).toMatchObject({ container_env: { SSO_CLIENT_ID: meant } });
  });

  it.each(files)('is handed to Terraform as a literal from %s, in a function’s variables', async (name, text) => {
    const regions = await readTfvars(name, text);
    const target = { kind: 'offline', stateFolder: '/state' } as const;
    const app = buildApp({ label: 'tiny', regions, target, outdir: 'unused', archives });
    const stack = app.node.children.find((child) => child instanceof TerraformStack);
    if (stack === undefined) throw new Error('no stack');
    const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, Record<string, object>> };
    const escaped = 'a $${b} %%{c} $$${d} $ % {e}';
    expect(Object.values(resource.aws_lambda_function ?? {})).toContainEqual(
      expect.objectContaining({ environment: { variables: expect.objectContaining({ SSO_CLIENT_ID: escaped }) } }),
    );
  });
});

describe('what people’s files are like', () => {
  it.each([
    ['a byte order mark', `\uFEFF${hcl('')}`],
    ['lines that end as on Windows', hcl('tags = {\n  Owner = "a"\n}').replaceAll('\n', '\r\n')],
    ['commas at the end', hcl('tags = { Owner = "a", }\nops_emails = ["a@example.com",]')],
    ['a heredoc', hcl('container_env = { SSO_CLIENT_ID = <<-EOT\n  a\n  EOT\n}')],
    ['colons in a map', hcl('tags = { "Owner" : "a" }')],
    ['no end of the last line', hcl('').trimEnd()],
    ['null', hcl('name_prefix = null\ncidr = null\n').replace('cidr', 'vpc_cidr')],
    ['null in a map', hcl('tags = { Owner = null, Team = "a" }')],
  ])('%s is taken', async (_, text) => {
    expect(await said(readTfvars(file, text))).toBe('nothing');
  });

  it('null is the same as not given', async () => {
    const [settings] = await readTfvars(file, hcl('name_prefix = null\ntags = { Owner = null, Team = "a" }'));
    expect(settings).toMatchObject({ name_prefix: 'tiny-tiny', tags: { Team: 'a' } });
    const [same] = await readTfvars(`${file}.json`, json({ name_prefix: null, tags: { Owner: null } }));
    expect(same).toMatchObject({ name_prefix: 'tiny-tiny', tags: {} });
    expect(await said(readTfvars(file, hcl('').replace('"tiny"', 'null')))).toContain('project_name is required');
  });

  it('JSON has comments where Terraform has them', async () => {
    expect(await said(readTfvars(`${file}.json`, json({ '//': 'why ${this}' })))).toBe('nothing');
  });

  it('JSON means the same as HCL', async () => {
    const tags = { Owner: 'a' };
    expect(await readTfvars(`${file}.json`, json({ tags }))).toEqual(
      await readTfvars(file, hcl(`tags = ${JSON.stringify(tags)}`)),
    );
  });

  it.each([
    ['nothing', file, '', 'project_name is required'],
    ['comments alone', file, '# nothing\n', 'project_name is required'],
    ['a number as a text', file, hcl('task_cpu = "512"'), `:${LINE} task_cpu must be a whole number`],
    [
      'another language’s true',
      file,
      hcl('autoscale = TRUE'),
      `:${LINE} autoscale refers to TRUE; a tfvars file is data only: write the value itself, true`,
    ],
    ['another language’s false', file, hcl('autoscale = no'), 'write the value itself, false'],
    ['a semicolon', file, hcl('task_cpu = 512;'), 'commas to separate items in collection values. Write settings as'],
    [
      'a default that follows',
      file,
      hcl('').replace('project_name = "tiny"', 'project_name = "aws-tiny"'),
      `${file}:1 cognito_domain_prefix must be`,
    ],
    ['a text without quotes', file, hcl('log_level = info'), `:${LINE} log_level refers to info`],
    ['single quotes', file, hcl("log_level = 'info'"), `:${LINE} Invalid character; Single quotes are not valid`],
    ['a comma after a setting', file, hcl('task_cpu = 512,'), `:${LINE} Unexpected comma`],
    ['a setting twice', file, hcl('log_level = "info"\nlog_level = "debug"'), `:${LINE + 1} Attribute redefined`],
    ['a part twice', file, hcl('tags = {\n A = "1"\n A = "2"\n}'), `:${LINE + 2} tags.A is given twice`],
    ['a block', file, hcl('tags {\n A = "1"\n}'), `:${LINE} Missing key/value separator`],
    ['a nest too deep', file, `tags = ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'is nested too deeply'],
    ['JSON in a tfvars file', file, json({}), ':1 Argument or block definition required'],
    ['HCL in a JSON file', `${file}.json`, hcl(''), 'is no JSON'],
    ['a list in a JSON file', `${file}.json`, '[]', 'is JSON, but no object'],
    ['JSON that breaks off', `${file}.json`, '{\n"a": 1,\n', 'is no JSON'],
    ['a part twice in JSON', `${file}.json`, '{\n"tags": {\n"A": "1",\n"A": "2"\n}\n}', ':4 tags.A is given twice'],
  ])('%s is refused in one clear line', async (_, name, text, says) => {
    const found = await said(readTfvars(name, text));
    expect(found).toMatch(/^EnvironmentError: The environment cannot be (read|used):\n {2}environments\/tiny\.tfvars/);
    expect(found).toContain(says);
    expect(found).not.toContain('\n    at ');
  });
});
