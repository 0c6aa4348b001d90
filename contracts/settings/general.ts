/** Settings: which system and environment this is, where it runs, how its state is kept, what its resources are called. */
import { z } from 'zod';
import { type PackName, packNames } from '../packs/index.ts';
import { isTimeZone, timeZoneError } from '../time-zone.ts';
import { environmentKinds, kindsByName } from './kind.ts';
import { region } from './region.ts';
import { choice, defaultText, flag, list, ofType, optionalChoice, optionalText, setting, text } from './setting.ts';
import { ownTags, tagMap } from './tags.ts';
import { nameableKinds, wholeNames } from './whole-names.ts';

export const general = {
  project_name: text({
    description: 'The system, in every name and tag and in the key of its state.',
    pattern: /^[a-z][a-z0-9-]{1,22}[a-z0-9]$/,
    be: '3 to 24 lower-case letters, digits and hyphens, starting with a letter',
    example: '"countersign"',
  }),
  environment: optionalText({
    description:
      'What the environment is called, in every name and tag and in the key of its state. Default: the name of its file.',
    pattern: /^(?!local$)[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/,
    be: '1 to 24 lower-case letters, digits and hyphens, and not local, which is the name of a service on a developer’s machine',
    example: '"eu-prod"',
  }),
  kind: optionalChoice({
    description: `What it is for, which other defaults and rules look at: prod turns on backups and deletion protection unless a setting says otherwise. Default: what a word of the name tells (${kindsByName}), and prod where none does.`,
    values: environmentKinds,
  }),
  account_id: text({
    description: 'The AWS account this environment lives in. A plan against any other account is refused.',
    pattern: /^\d{12}$/,
    be: 'a 12-digit account id in quotes',
    example: '"111122223333"',
  }),
  regions: setting(
    z
      .array(region, { error: 'must be a list such as ["us-east-1"]' })
      .min(1, { error: 'must name at least one region' })
      .refine((names) => new Set(names).size === names.length, { error: 'names the same region twice' }),
    {
      description: 'AWS regions to deploy to, each with a state of its own. The first is the primary one.',
      example: '["eu-west-1", "eu-west-2"]',
    },
  ),
  home_region: setting(region.optional(), {
    description:
      'Region that callers are sent to, of two that share their tables: the home writes, and the other region reads until `npm run failover` makes it the home. Needed with two regions and container countersign. After a failover, set it to the new home. Until the first failover the first of `regions` is the home, whatever this setting says.',
    example: '"eu-west-1"',
  }),
  region_settings: setting(
    z
      .record(region, z.record(z.string(), z.unknown()), {
        error: ofType('a map from a region to settings, such as { eu-west-2 = { vpc_cidr = "10.32.0.0/16" } }'),
      })
      .default({}),
    {
      description: 'Settings that differ in one region, by region. Only those marked regional may stand here.',
      example: '{ eu-west-2 = { vpc_cidr = "10.32.0.0/16" } }',
    },
  ),
  name_prefix: optionalText({
    description: 'Start of every resource name. Default: `<project_name>-<environment>`.',
    pattern: /^[a-z][a-z0-9-]{1,30}[a-z0-9]$/,
    be: '3 to 32 lower-case letters, digits and hyphens, starting with a letter',
    example: '"marketing-mcp"',
  }),
  names: setting(wholeNames, {
    description: `Whole names of single resources, where \`name_prefix\` does not give the wanted one: ${nameableKinds.join(', ')}.`,
    example: '{ service = "marketing-mcp-service" }',
  }),
  tags: setting(tagMap, {
    description: `Tags on every resource, besides ${ownTags.join(', ')}. Hosted zones, health checks and folders take ten in all.`,
    example: '{ CostCenter = "FinOps", Owner = "platform@example.com" }',
  }),
  state_layout: choice({
    description:
      'single: one Terraform state per environment and region, so that a change is one plan. layered: one state per layer (network, storage, domain, auth, backend, monitoring).',
    values: ['single', 'layered'],
    default: 'single',
  }),
  state_bucket: optionalText({
    description: 'S3 bucket of the Terraform state. Default: `<project_name>-<account_id>-terraform-state`.',
    pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    be: 'an S3 bucket name',
    example: '"countersign-111122223333-terraform-state"',
  }),
  state_region: setting(region.optional(), {
    description: 'Region of the state bucket. Default: the primary region.',
    example: '"us-east-1"',
  }),
  github_repository: optionalText({
    description:
      'owner/name of the GitHub repository whose workflows may plan and apply this environment through OpenID Connect. Without it no such roles are made.',
    pattern: /^[\w.-]+\/(?!.*\.git$)[\w.-]+$/,
    be: 'owner/name of a GitHub repository, without its address and without .git',
    example: '"example/countersign"',
  }),
  github_branch: defaultText({
    description: 'Branch whose commits are applied, and compared with what runs every night.',
    pattern: /^[\w./-]{1,100}$/,
    be: 'a branch name',
    default: 'main',
  }),
  github_oidc_provider: flag({
    description:
      'Makes the identity provider of GitHub’s workflows. An account has one: false where another environment made it.',
    default: true,
  }),
  tool_packs: list({
    description: 'Tool packs the service serves; the task role is exactly what they declare.',
    item: z.enum(packNames as [PackName, ...PackName[]], {
      error: `names an unknown pack; known: ${packNames.join(', ')}`,
    }),
    default: [packNames[0]],
  }),
  time_zone: setting(
    z.string({ error: timeZoneError }).refine(isTimeZone, timeZoneError).default('UTC'),
    {
      description: 'Time zone in which the pages show times beside UTC, by its name in the IANA database.',
      example: '"Europe/Berlin"',
    },
    'UTC',
  ),
  approve_on_page_only: flag({
    description:
      'Countersignatures count only when a person gives them on the approvals page. false: also through a tool or the REST facade, with the approval_hash of the plan, a few a minute.',
    default: true,
  }),
  approve_without_email: flag({
    description:
      'One person may approve what another asked for although the identity provider tells no mail address of one of them. Only where nobody has two accounts: the address is what tells two accounts of one human.',
    default: false,
  }),
  confirm_by_tool: flag({
    description:
      'Requesters may also confirm their own change through a tool or the REST facade, with the approval_hash of the plan. For a system whose own application asks the person.',
    default: false,
  }),
} as const;
