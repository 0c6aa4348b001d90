/** Tables, streams, catalogs and clusters of data. */
import { declareTypes } from './type.ts';

const table = ['arn:aws:dynamodb:*:{account}:table/*'];
const stream = ['arn:aws:kinesis:*:{account}:stream/*'];
const workgroup = ['arn:aws:athena:*:{account}:workgroup/*'];
const cluster = ['arn:aws:elasticmapreduce:*:{account}:cluster/*'];
const job = ['arn:aws:glue:*:{account}:job/*'];
const crawler = ['arn:aws:glue:*:{account}:crawler/*'];
const catalog = ['arn:aws:glue:*:{account}:catalog'];
const database = ['arn:aws:glue:*:{account}:database/*'];
const glueTable = ['arn:aws:glue:*:{account}:table/*'];

export const analyticsTypes = declareTypes({
  'dynamodb:table': {
    label: 'DynamoDB table',
    list: { 'dynamodb:ListTables': 'everywhere', 'dynamodb:ListTagsOfResource': table },
    set: { 'dynamodb:TagResource': table },
    remove: { 'dynamodb:UntagResource': table },
  },
  'kinesis:stream': {
    label: 'Kinesis stream',
    list: { 'kinesis:ListStreams': 'everywhere', 'kinesis:ListTagsForStream': stream },
    set: { 'kinesis:AddTagsToStream': stream },
    remove: { 'kinesis:RemoveTagsFromStream': stream },
  },
  'athena:workgroup': {
    label: 'Athena workgroup',
    list: { 'athena:ListWorkGroups': 'everywhere', 'athena:ListTagsForResource': workgroup },
    set: { 'athena:TagResource': workgroup },
    remove: { 'athena:UntagResource': workgroup },
  },
  'emr:cluster': {
    label: 'EMR cluster',
    list: { 'elasticmapreduce:ListClusters': 'everywhere', 'elasticmapreduce:DescribeCluster': cluster },
    set: { 'elasticmapreduce:AddTags': cluster },
    remove: { 'elasticmapreduce:RemoveTags': cluster },
  },
  'glue:job': {
    label: 'Glue job',
    list: { 'glue:ListJobs': 'everywhere', 'glue:GetTags': job },
    set: { 'glue:TagResource': job },
    remove: { 'glue:UntagResource': job },
  },
  'glue:crawler': {
    label: 'Glue crawler',
    list: { 'glue:ListCrawlers': 'everywhere', 'glue:GetTags': crawler },
    set: { 'glue:TagResource': crawler },
    remove: { 'glue:UntagResource': crawler },
  },
  'glue:database': {
    label: 'Glue database',
    list: { 'glue:GetDatabases': [...catalog, ...database], 'glue:GetTags': database },
    set: { 'glue:TagResource': database },
    remove: { 'glue:UntagResource': database },
  },
  // https://docs.aws.amazon.com/glue/latest/dg/monitor-tags.html names no tables.
  'glue:table': {
    label: 'Glue table',
    list: {
      'glue:GetDatabases': [...catalog, ...database],
      'glue:GetTables': [...catalog, ...database, ...glueTable],
    },
  },
});
