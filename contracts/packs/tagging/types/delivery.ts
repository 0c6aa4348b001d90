/** What builds, runs and publishes applications. */
import { declareTypes } from './type.ts';

const project = ['arn:aws:codebuild:*:{account}:project/*'];
const pipeline = ['arn:aws:codepipeline:*:{account}:*'];
// The account may not stand in an ARN of a hosted zone, and the region in neither.
const zone = ['arn:aws:route53:::hostedzone/*'];
const distribution = ['arn:aws:cloudfront::{account}:distribution/*'];
const taskDefinition = ['arn:aws:ecs:*:{account}:task-definition/*'];
const cluster = ['arn:aws:eks:*:{account}:cluster/*'];
const nodegroup = ['arn:aws:eks:*:{account}:nodegroup/*'];

export const deliveryTypes = declareTypes({
  'codebuild:project': {
    label: 'CodeBuild project',
    list: { 'codebuild:ListProjects': 'everywhere', 'codebuild:BatchGetProjects': project },
    set: { 'codebuild:UpdateProject': project },
    remove: { 'codebuild:UpdateProject': project },
  },
  'codepipeline:pipeline': {
    label: 'CodePipeline pipeline',
    list: { 'codepipeline:ListPipelines': 'everywhere', 'codepipeline:ListTagsForResource': pipeline },
    set: { 'codepipeline:TagResource': pipeline },
    remove: { 'codepipeline:UntagResource': pipeline },
  },
  'ecs:task-definition': {
    label: 'ECS task definition',
    list: { 'ecs:ListTaskDefinitionFamilies': 'everywhere', 'ecs:DescribeTaskDefinition': 'everywhere' },
    set: { 'ecs:TagResource': taskDefinition },
    remove: { 'ecs:UntagResource': taskDefinition },
  },
  'eks:cluster': {
    label: 'EKS cluster',
    list: { 'eks:ListClusters': 'everywhere', 'eks:DescribeCluster': cluster },
    set: { 'eks:TagResource': cluster },
    remove: { 'eks:UntagResource': cluster },
  },
  'eks:nodegroup': {
    label: 'EKS node group',
    list: {
      'eks:ListClusters': 'everywhere',
      'eks:ListNodegroups': cluster,
      'eks:DescribeNodegroup': nodegroup,
    },
    set: { 'eks:TagResource': nodegroup },
    remove: { 'eks:UntagResource': nodegroup },
  },
  'cloudfront:distribution': {
    label: 'CloudFront distribution',
    global: true,
    list: { 'cloudfront:ListDistributions': 'everywhere', 'cloudfront:ListTagsForResource': distribution },
    set: { 'cloudfront:TagResource': distribution },
    remove: { 'cloudfront:UntagResource': distribution },
  },
  'route53:hostedzone': {
    label: 'Route 53 hosted zone',
    global: true,
    list: { 'route53:ListHostedZones': 'everywhere', 'route53:ListTagsForResource': zone },
    set: { 'route53:ChangeTagsForResource': zone },
    remove: { 'route53:ChangeTagsForResource': zone },
  },
});
