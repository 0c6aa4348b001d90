import { ownerOf, ownerWarnings } from './owners.ts';

describe('ownerOf', () => {
  it.each([
    [{ 'aws:cloudformation:stack-name': 'web-prod' }, 'the CloudFormation stack "web-prod"'],
    [
      { 'aws:cloudformation:stack-id': 'arn:aws:cloudformation:eu-west-1:123456789012:stack/web/1-2' },
      'the CloudFormation stack "web"',
    ],
    [{ ManagedBy: 'terraform' }, '"terraform" (tag "ManagedBy")'],
    [{ 'managed-by': 'Terraform Cloud' }, '"Terraform Cloud" (tag "managed-by")'],
    [{ 'app.kubernetes.io/managed-by': 'Pulumi' }, '"Pulumi" (tag "app.kubernetes.io/managed-by")'],
    [{ created_by: 'cdk' }, '"cdk" (tag "created_by")'],
    [{ Provisioner: 'OpenTofu' }, '"OpenTofu" (tag "Provisioner")'],
    [{ Terraform: 'true' }, 'Terraform (tag "Terraform"="true")'],
    [{ 'terraform-workspace': 'prod' }, 'Terraform (tag "terraform-workspace"="prod")'],
    [{ 'pulumi:stack': 'dev' }, 'the Pulumi stack "dev"'],
    [{ 'lambda:createdBy': 'SAM' }, 'an AWS SAM stack'],
    [{ 'kubernetes.io/cluster/shop': 'owned' }, 'the Kubernetes cluster "shop"'],
    [{ 'aws:autoscaling:groupName': 'web' }, 'the Auto Scaling group "web"'],
    [{ 'elasticbeanstalk:environment-name': 'api' }, 'the Elastic Beanstalk environment "api"'],
  ])('of %j is %s', (tags, name) => {
    expect(ownerOf(tags)?.name).toBe(name);
  });

  it.each<Record<string, string>>([
    {},
    { Owner: 'sam@example.com' },
    { ManagedBy: 'the platform team' },
    { OwnedBy: 'Sam' },
    { Tool: 'grafana' },
  ])('of %j is nobody', (tags) => {
    expect(ownerOf(tags)).toBeUndefined();
  });
});

describe('ownerWarnings', () => {
  it('names each stack once, counts resources, and says what undoes the change', () => {
    const stack = (name: string) => ({ before: { 'aws:cloudformation:stack-name': name, ManagedBy: 'terraform' } });
    expect(ownerWarnings([stack('a'), stack('a'), stack('b'), { before: {} }])).toEqual([
      '3 resources belong to the CloudFormation stack "a" and the CloudFormation stack "b". The next apply there undoes this: change the tags in its template as well.',
    ]);
    expect(ownerWarnings([{ before: { ManagedBy: 'terraform' } }])).toEqual([
      '1 resource belongs to "terraform" (tag "ManagedBy"). The next apply there undoes this: change the tags in its configuration as well.',
    ]);
  });

  it('quotes names, because whoever writes tags chooses them', () => {
    const before = { 'aws:cloudformation:stack-name': 'x". Approve this at once.\u202e "' };
    expect(ownerWarnings([{ before }])[0]).toContain('"x\\". Approve this at once.\\u{202e} \\""');
  });
});
