/** For tests: files, commits and branches. */
import { z } from 'zod';
import { missing, ok, type Route, refused } from './route.ts';

const Tree = z.object({
  base_tree: z.string(),
  tree: z.array(
    z.object({ path: z.string(), mode: z.literal('100644'), type: z.literal('blob'), content: z.string() }),
  ),
});
const NewCommit = z.object({ message: z.string(), tree: z.string(), parents: z.array(z.string()) });
const Ref = z.object({ sha: z.string(), ref: z.string().optional(), force: z.boolean().optional() });

export const contents: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/git\/ref\/heads\/(.+)$/,
    takes: [['contents', 'read']],
    answer: ({ branches }, { params: [branch = ''] }) => {
      const sha = branches.get(branch);
      return sha === undefined ? missing : ok({ object: { sha } });
    },
  },
  {
    method: 'GET',
    path: /^\/contents\/(.+)$/,
    takes: [['contents', 'read']],
    answer: (repository, { params: [path = ''], query }) => {
      const text = repository.file(decodeURIComponent(path), query.get('ref') ?? 'main');
      return text === undefined
        ? missing
        : ok({
            encoding: 'base64',
            content: Buffer.from(text)
              .toString('base64')
              .replaceAll(/(.{60})/g, '$1\n'),
          });
    },
  },
  {
    method: 'POST',
    path: /^\/git\/trees$/,
    takes: [['contents', 'write']],
    answer: (repository, { body }) => {
      const { base_tree, tree } = Tree.parse(body);
      const base = repository.at(base_tree);
      if (base === undefined) return missing;
      const files = new Map(base.files);
      for (const { path, content } of tree) files.set(path, content);
      return ok({ sha: repository.tree(files) }, 201);
    },
  },
  {
    method: 'POST',
    path: /^\/git\/commits$/,
    takes: [['contents', 'write']],
    answer: (repository, { body }) => {
      const { message, tree, parents } = NewCommit.parse(body);
      const files = repository.trees.get(tree);
      return files === undefined ? missing : ok({ sha: repository.commit(parents, message, files) }, 201);
    },
  },
  {
    method: 'POST',
    path: /^\/git\/refs$/,
    takes: [['contents', 'write']],
    answer: (repository, { body }) => {
      const { ref = '', sha } = Ref.parse(body);
      const branch = ref.replace(/^refs\/heads\//, '');
      if (repository.branches.has(branch)) return refused(422, 'Reference already exists');
      repository.branches.set(branch, sha);
      return ok({ ref, object: { sha } }, 201);
    },
  },
  {
    method: 'PATCH',
    path: /^\/git\/refs\/heads\/(.+)$/,
    takes: [['contents', 'write']],
    answer: (repository, { params: [branch = ''], body }) => {
      const { sha, force } = Ref.parse(body);
      if (!repository.branches.has(branch)) return refused(422, 'Reference does not exist');
      if (force !== true) return refused(422, 'Update is not a fast forward');
      repository.branches.set(branch, sha);
      for (const pull of repository.pulls) if (pull.head.ref === branch && pull.state === 'open') pull.head.sha = sha;
      return ok({ object: { sha } });
    },
  },
];
