/** APIs, workflows, messages and sign-in of applications, and their secrets and keys. */
import { declareTypes } from './type.ts';

// ARNs of API Gateway name no account. Only the account itself can reach its APIs.
const restApi = ['arn:aws:apigateway:*::/restapis', 'arn:aws:apigateway:*::/restapis/*'];
const apiTags = ['arn:aws:apigateway:*::/tags/*'];
const userPool = ['arn:aws:cognito-idp:*:{account}:userpool/*'];
const identityPool = ['arn:aws:cognito-identity:*:{account}:identitypool/*'];
const stateMachine = ['arn:aws:states:*:{account}:stateMachine:*'];
const topic = ['arn:aws:sns:*:{account}:*'];
const queue = ['arn:aws:sqs:*:{account}:*'];
const secret = ['arn:aws:secretsmanager:*:{account}:secret:*'];
const key = ['arn:aws:kms:*:{account}:key/*'];

export const applicationTypes = declareTypes({
  'apigateway:restapi': {
    label: 'REST API',
    list: { 'apigateway:GET': restApi },
    set: { 'apigateway:PUT': apiTags },
    remove: { 'apigateway:DELETE': apiTags },
  },
  'cognito-idp:userpool': {
    label: 'Cognito user pool',
    list: { 'cognito-idp:ListUserPools': 'everywhere', 'cognito-idp:ListTagsForResource': userPool },
    set: { 'cognito-idp:TagResource': userPool },
    remove: { 'cognito-idp:UntagResource': userPool },
  },
  'cognito-identity:identitypool': {
    label: 'Cognito identity pool',
    list: {
      'cognito-identity:ListIdentityPools': 'everywhere',
      'cognito-identity:ListTagsForResource': identityPool,
    },
    set: { 'cognito-identity:TagResource': identityPool },
    remove: { 'cognito-identity:UntagResource': identityPool },
  },
  'stepfunctions:statemachine': {
    label: 'Step Functions state machine',
    list: { 'states:ListStateMachines': 'everywhere', 'states:ListTagsForResource': stateMachine },
    set: { 'states:TagResource': stateMachine },
    remove: { 'states:UntagResource': stateMachine },
  },
  'sns:topic': {
    label: 'SNS topic',
    list: { 'sns:ListTopics': 'everywhere', 'sns:ListTagsForResource': topic },
    set: { 'sns:TagResource': topic },
    remove: { 'sns:UntagResource': topic },
  },
  'sqs:queue': {
    label: 'SQS queue',
    list: { 'sqs:ListQueues': 'everywhere', 'sqs:ListQueueTags': queue },
    set: { 'sqs:TagQueue': queue },
    remove: { 'sqs:UntagQueue': queue },
  },
  'secretsmanager:secret': {
    label: 'Secret',
    list: { 'secretsmanager:ListSecrets': 'everywhere', 'secretsmanager:DescribeSecret': secret },
    set: { 'secretsmanager:TagResource': secret },
    remove: { 'secretsmanager:UntagResource': secret },
  },
  'kms:key': {
    label: 'KMS key',
    list: { 'kms:ListKeys': 'everywhere', 'kms:DescribeKey': key, 'kms:ListResourceTags': key },
    set: { 'kms:TagResource': key },
    remove: { 'kms:UntagResource': key },
  },
});
