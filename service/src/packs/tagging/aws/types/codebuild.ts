import {
  BatchGetProjectsCommand,
  type CodeBuildClient,
  ListProjectsCommand,
  UpdateProjectCommand,
} from '@aws-sdk/client-codebuild';
import type { Arn } from '../../estate/arn.ts';
import type { Tags } from '../../estate/estate.ts';
import { isSystemTag } from '../../policy/tag-rules.ts';
import { codebuildApi } from '../apis/codebuild.ts';
import { member } from '../failure.ts';
import type { SendOptions } from '../place.ts';
import { tagsFrom, toSmallList } from './driver.ts';
import { namedType } from './named.ts';

/** https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetProjects.html */
const NAMES_PER_CALL = 100;

/**
 * CodeBuild has no way to change one tag: the whole set is read, changed and written at once. AWS's own are no part of it.
 * @throws when the set cannot be read: what was not read is not rewritten
 */
const rewrite = async (client: CodeBuildClient, { id }: Arn, change: (tags: Tags) => Tags, options: SendOptions) => {
  const { projects } = await client.send(new BatchGetProjectsCommand({ names: [id] }), options);
  const [project] = member('codebuild', 'the description of projects', projects);
  if (project === undefined) throw Object.assign(new Error('no such project'), { name: 'ResourceNotFoundException' });
  const held = tagsFrom('codebuild', member('codebuild', 'the tags of a project', project.tags));
  const own = Object.fromEntries(Object.entries(change(held)).filter(([key]) => !isSystemTag(key)));
  return client.send(new UpdateProjectCommand({ name: id, tags: toSmallList(own) }), options);
};

export const codebuildProject = namedType({
  type: 'codebuild:project',
  api: codebuildApi,
  noun: ['project', 'projects'],
  describesAtOnce: NAMES_PER_CALL,
  page: (client, nextToken, options) => client.send(new ListProjectsCommand({ nextToken }), options),
  next: ({ nextToken }) => nextToken,
  names: ({ projects }) => projects,
  nameIn: ({ id }) => id,
  describe: (client, names, options) => client.send(new BatchGetProjectsCommand({ names: [...names] }), options),
  details: ({ projects }) => projects,
  gone: ({ projectsNotFound = [] }) => projectsNotFound,
  nameOf: ({ name }) => name,
  resource: (project, _place, must) => ({
    arn: must('ARN', project.arn),
    id: must('name', project.name),
    createdAt: project.created,
    // The list may be left out where a project has no tags. `rewrite` does not rely on that.
    tags: project.tags ?? [],
  }),
  set: (client, arn, tags, options) => rewrite(client, arn, (held) => ({ ...held, ...tags }), options),
  remove: (client, arn, keys, options) =>
    rewrite(
      client,
      arn,
      (held) => Object.fromEntries(Object.entries(held).filter(([key]) => !keys.includes(key))),
      options,
    ),
});
