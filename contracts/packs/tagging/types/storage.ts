/** File systems, and repositories of images. */
import { declareTypes } from './type.ts';

const efs = ['arn:aws:elasticfilesystem:*:{account}:file-system/*'];
const fsx = ['arn:aws:fsx:*:{account}:file-system/*'];
const repository = ['arn:aws:ecr:*:{account}:repository/*'];

export const storageTypes = declareTypes({
  'elasticfilesystem:file-system': {
    label: 'EFS file system',
    list: { 'elasticfilesystem:DescribeFileSystems': efs },
    set: { 'elasticfilesystem:TagResource': efs },
    remove: { 'elasticfilesystem:UntagResource': efs },
  },
  'fsx:file-system': {
    label: 'FSx file system',
    list: { 'fsx:DescribeFileSystems': 'everywhere' },
    set: { 'fsx:TagResource': fsx },
    remove: { 'fsx:UntagResource': fsx },
  },
  'ecr:repository': {
    label: 'ECR repository',
    list: { 'ecr:DescribeRepositories': repository, 'ecr:ListTagsForResource': repository },
    set: { 'ecr:TagResource': repository },
    remove: { 'ecr:UntagResource': repository },
  },
});
