/** Logs and alarms. */
import { declareTypes } from './type.ts';

const logGroup = ['arn:aws:logs:*:{account}:log-group:*'];
const alarm = ['arn:aws:cloudwatch:*:{account}:alarm:*'];

export const watchingTypes = declareTypes({
  'logs:log-group': {
    label: 'Log group',
    list: { 'logs:DescribeLogGroups': logGroup, 'logs:ListTagsForResource': logGroup },
    set: { 'logs:TagResource': logGroup },
    remove: { 'logs:UntagResource': logGroup },
  },
  'cloudwatch:alarm': {
    label: 'CloudWatch alarm',
    // Without a * it does not tell composite alarms: CloudWatch API, DescribeAlarms.
    list: { 'cloudwatch:DescribeAlarms': 'everywhere', 'cloudwatch:ListTagsForResource': alarm },
    set: { 'cloudwatch:TagResource': alarm },
    remove: { 'cloudwatch:UntagResource': alarm },
  },
});
