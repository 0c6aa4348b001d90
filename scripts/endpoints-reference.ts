/** docs/deploying/network.md: what a network must offer, from the table of services. */
import { serviceAccess } from '../contracts/endpoints.ts';

const way = (service: string): string => {
  const { endpoints, gateway, onlyIn, because } = serviceAccess[service] ?? { endpoints: [] };
  if (gateway === true) return 'always there: a gateway endpoint';
  if (endpoints.length === 0) return `NAT: ${because ?? 'it has no endpoint'}`;
  const named = endpoints.map((endpoint) => `\`${endpoint}\``).join(' and ');
  return onlyIn === undefined ? named : `${named} in ${onlyIn}, elsewhere NAT`;
};

const rows = Object.entries(serviceAccess).map(
  ([prefix, { name, source }]) => `| ${name} | \`${prefix}:\` | ${way(prefix)} | [AWS](${source}) |`,
);

export const endpointsReference = (): string => `<!-- Written by \`npm run docs\` from contracts/endpoints.ts. -->
# What the network must offer

Synthesis looks at what runs (task definitions, functions in the VPC, the boot script of instances) and refuses an
environment whose network has no way to something it needs. The message names each, what needs it and the remedy:

\`\`\`text
aws_ecs_task_definition.… cannot reach Secrets Manager (secret API_KEY): change vpc_endpoints (environments/mine.tfvars:14).
  Add "secretsmanager" to vpc_endpoints, or set nat_mode. See https://docs.aws.amazon.com/vpc/…
\`\`\`

What counts as needed:

- **images**: ECR in the environment's region has endpoints; any other registry, public ones among them, is on the internet.
- **secrets** that a task is started with, and the **log** it writes.
- **what the role may call**, service by service, in the regions of \`estate_regions\` where the tools look. An endpoint
  serves its own region only.
- **sign-in**: the issuer, of a custom image too where it checks tokens itself.
- **hosts**: in variables whose names say that they are called (\`…_URL\`, \`…_ENDPOINT\`, \`…_ISSUER\`, \`…_HOST\`), those that
  tool packs declare, and \`upstream_hosts\`. Ports other than 443 must be in \`task_egress_ports\`.

With \`nat_mode\`, or in public subnets, all of it is reached. Without, \`vpc_endpoints\` needs:

| service | actions | way without NAT | source |
|---|---|---|---|
${rows.join('\n')}
`;
