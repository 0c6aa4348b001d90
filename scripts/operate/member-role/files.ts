/** The two files of a role, and how they differ from what an earlier run wrote. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { mostAt } from '../../../contracts/limits/index.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { templateOf } from './cloudformation.ts';
import { allowedBy, documentOf } from './document.ts';
import type { MemberRole } from './role.ts';
import { terraformOf } from './terraform.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html: TemplateBody */
const TEMPLATE_BYTES = 51_200;

export interface Written {
  readonly terraform: string;
  readonly cloudFormation: string;
  /** new: there was no file. same: nothing changed. changed: the member accounts still have what was there before. */
  readonly state: 'new' | 'same' | 'changed';
  /** Actions that the role gains and loses. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** As much of a template as is compared. */
const Earlier = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.object({
        PolicyDocument: z
          .object({
            Statement: z.array(z.object({ Effect: z.enum(['Allow', 'Deny']), Action: z.array(z.string()) })),
          })
          .optional(),
      }),
    }),
  ),
});

const earlierActions = (text: string, path: string): readonly string[] => {
  try {
    const { Resources } = Earlier.parse(JSON.parse(text));
    const documents = Object.values(Resources).flatMap(({ Properties: { PolicyDocument } }) => PolicyDocument ?? []);
    return allowedBy(documents.map(({ Statement }) => documentOf(Statement)));
  } catch (cause) {
    throw new OperatorProblem(
      `${path} is there and is no template of this command: move it away, or choose another --output.`,
      { cause },
    );
  }
};

const textAt = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** @throws OperatorProblem where AWS takes less than the role needs */
const checkSize = ({ name, policies }: MemberRole, template: string): void => {
  const most = mostAt('aws_iam_role_policy_attachment per role');
  if (policies.length > most)
    throw new OperatorProblem(
      `${name} needs ${policies.length} policies, and AWS attaches ${most}: enable fewer types.`,
    );
  if (Buffer.byteLength(template) > TEMPLATE_BYTES)
    throw new OperatorProblem(
      `The template of ${name} has ${Buffer.byteLength(template)} bytes, and a StackSet takes ${TEMPLATE_BYTES}: enable fewer types.`,
    );
};

export interface Writing {
  readonly folder: string;
  /** What the files say of themselves. */
  readonly heading: readonly string[];
  readonly dryRun: boolean;
}

/** Writes `<role>.tf` and `<role>.stackset.json`, or only compares. @throws OperatorProblem */
export const writeRole = async (role: MemberRole, { folder, heading, dryRun }: Writing): Promise<Written> => {
  const terraform = join(folder, `${role.name}.tf`);
  const cloudFormation = join(folder, `${role.name}.stackset.json`);
  const [hcl, template] = [terraformOf(role, heading), templateOf(role, heading.join(' '))];
  checkSize(role, template);
  const [oldHcl, oldTemplate] = [await textAt(terraform), await textAt(cloudFormation)];
  const before = oldTemplate === undefined ? [] : earlierActions(oldTemplate, cloudFormation);
  const after = allowedBy(role.policies.map(({ document }) => document));
  const isNew = oldTemplate === undefined;
  const state = isNew ? 'new' : oldTemplate === template && oldHcl === hcl ? 'same' : 'changed';
  if (!dryRun) {
    await mkdir(folder, { recursive: true });
    await writeFile(terraform, hcl);
    await writeFile(cloudFormation, template);
  }
  return {
    terraform,
    cloudFormation,
    state,
    added: isNew ? [] : after.filter((action) => !before.includes(action)),
    removed: before.filter((action) => !after.includes(action)),
  };
};
