import { inventorySummary, inventoryTable } from './inventory.ts';

const inventory = new Map([
  ['us-east-1 apigatewayv2 routes', ['GET /', 'POST /mcp', '', 'GET /health']],
  ['us-east-1 apigatewayv2 authorizers', ['not answered: <!doctype html>\n<p>Not found</p>\n']],
  ['us-east-1 sns topics', ['arn:aws:sns:us-east-1:111122223333:ops']],
  ['us-east-1 logs log groups', ['/aws/ecs/dev']],
  ['global s3 buckets', ['logs', 'archive']],
]);

describe('what the stand-in has', () => {
  it('is a line per kind, whatever a name holds', () => {
    expect(inventoryTable(inventory).split('\n')).toEqual([
      'region     service       what         count  names',
      'us-east-1  apigatewayv2  routes       4      GET /, POST /mcp, (no name), and 1 more',
      'us-east-1  apigatewayv2  authorizers  ?      not answered: <!doctype html> <p>Not found</p>',
      'us-east-1  sns           topics       1      ops',
      'us-east-1  logs          log groups   1      /aws/ecs/dev',
      'global     s3            buckets      2      logs, archive',
    ]);
  });

  it('in short is a line per service', () => {
    expect(inventorySummary(inventory).split('\n')).toEqual([
      'region     service       what',
      'us-east-1  apigatewayv2  4 routes, ? authorizers',
      'us-east-1  sns           1 topics',
      'us-east-1  logs          1 log groups',
      'global     s3            2 buckets',
    ]);
  });
});
