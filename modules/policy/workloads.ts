/** What runs in the network of a synthesized stack: tasks, functions and instances, as far as they call somebody. */
import { type Block, inner, inners, type Resource, type StackView } from './view.ts';

export interface Container {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that are read from Secrets Manager when it starts. */
  readonly secrets: readonly string[];
  /** Region of the log it writes itself; undefined for a function, whose log Lambda writes. */
  readonly logRegion: string | undefined;
}

export interface Workload {
  readonly address: string;
  readonly kind: 'task' | 'function' | 'instance';
  readonly containers: readonly Container[];
  /** Statements of the role that its code runs with. */
  readonly statements: readonly Block[];
}

const referenced = (text: unknown, type: string): string | undefined =>
  new RegExp(`\\$\\{(${type.replace('.', '\\.')}\\.[\\w-]+)\\.`).exec(String(text))?.[1];

const documentOf = (view: StackView, policy: unknown): readonly Block[] => {
  const address = referenced(policy, 'data.aws_iam_policy_document')?.replace('data.', '');
  const document = view.data('aws_iam_policy_document').find((source) => source.address === address);
  return document === undefined ? [] : inners(document.block, 'statement');
};

/** Every statement of the policies that a role has, inside it or attached. */
const statementsOf = (view: StackView, role: string | undefined): readonly Block[] => {
  if (role === undefined) return [];
  const holds = ({ block }: Resource): boolean => referenced(block.role, 'aws_iam_role') === role;
  const attached = view.of('aws_iam_role_policy_attachment').filter(holds);
  return [
    ...view.of('aws_iam_role_policy').filter(holds),
    ...view
      .of('aws_iam_policy')
      .filter(({ address }) =>
        attached.some(({ block }) => referenced(block.policy_arn, 'aws_iam_policy') === address),
      ),
  ].flatMap(({ block }) => documentOf(view, block.policy));
};

interface Defined {
  readonly image?: string;
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly secrets?: readonly { readonly name: string }[];
  readonly logConfiguration?: { readonly options?: Readonly<Record<string, string>> };
}

const containerOf = ({ image = '', environment = [], secrets = [], logConfiguration }: Defined): Container => ({
  image,
  environment: Object.fromEntries(environment.map(({ name, value }) => [name, value])),
  secrets: secrets.map(({ name }) => name),
  logRegion: logConfiguration?.options?.['awslogs-region'],
});

const taskOf = (view: StackView, { address, block }: Resource): Workload => ({
  address,
  kind: 'task',
  containers: (JSON.parse(String(block.container_definitions)) as Defined[]).map(containerOf),
  statements: statementsOf(view, referenced(block.task_role_arn, 'aws_iam_role')),
});

const functionOf = (view: StackView, { address, block }: Resource): Workload => ({
  address,
  kind: 'function',
  containers: [
    {
      image: '',
      environment: inner(inner(block, 'environment'), 'variables') as Readonly<Record<string, string>>,
      secrets: [],
      logRegion: undefined,
    },
  ],
  statements: statementsOf(view, referenced(block.role, 'aws_iam_role')),
});

/** The first quoted word of a `docker run`: options come before it, and none of theirs begins with a quote. */
const imagesIn = (boot: string): string[] =>
  [...boot.matchAll(/docker run [^\n]*?\s'([^']+)'/g)].map(([, image = '']) => image);

const instanceOf = (view: StackView, { address, block }: Resource): Workload => {
  const local = /local\.([\w-]+)/.exec(String(block.user_data))?.[1];
  const boot = String(local === undefined ? block.user_data : view.locals[local]);
  const exported = [...boot.matchAll(/^export ([A-Z]\w*)='([^']*)'$/gm)];
  const logRegion = /awslogs-region=([\w-]+)/.exec(boot)?.[1];
  const environment = Object.fromEntries(exported.map(([, name = '', value = '']) => [name, value]));
  const profile = referenced(inner(block, 'iam_instance_profile').name, 'aws_iam_instance_profile');
  const made = view.of('aws_iam_instance_profile').find((each) => each.address === profile);
  return {
    address,
    kind: 'instance',
    containers: imagesIn(boot).map((image) => ({ image, environment, secrets: [], logRegion })),
    statements: statementsOf(view, referenced(made?.block.role, 'aws_iam_role')),
  };
};

/** A function outside the VPC is not among them: it reaches everything. */
export const workloadsOf = (view: StackView): readonly Workload[] => [
  ...view.of('aws_ecs_task_definition').map((resource) => taskOf(view, resource)),
  ...view
    .of('aws_lambda_function')
    .filter(({ block }) => inners(block, 'vpc_config').length > 0)
    .map((resource) => functionOf(view, resource)),
  ...view.of('aws_launch_template').map((resource) => instanceOf(view, resource)),
];
