/** A change of the synthesized Terraform alone: what one-truth.test.ts asks for must then fail, and say where. */
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { packNames, providersOf, takesWebhooks } from '../../../contracts/packs/index.ts';
import type { TableContract } from '../../../contracts/table.ts';
import { tables, tablesOf } from '../../../contracts/tables.ts';
import { createDynamoTables } from '../../../service/src/stores/dynamodb/create.ts';
import { describeWith } from '../../../service/test/servers/programs.ts';
import { demandAuthorizer, demandHealth, demandRoutes, demandTraces } from './demands.ts';
import { type Edit, edited, type Named, renamed, replaced, set, without, withoutIndex } from './edits.ts';
import { seedEstate } from './estate.ts';
import { Stack } from './stack.ts';
import { standUp } from './standing.ts';
import { read, tell } from './story.ts';
import { synthesizedJson } from './synthesized.ts';
import { describeTable, makeTables } from './tables.ts';
import { needed, openWorld, type World } from './world.ts';

await describeWith(needed, 'a change on one side only', () => {
  let world: World;
  let environments: Readonly<Record<'dev' | 'staging', string>>;
  beforeAll(async () => {
    world = await openWorld();
    environments = { dev: await synthesizedJson('dev'), staging: await synthesizedJson('staging') };
  }, 120_000);
  afterAll(() => world?.stop());

  const dev = (named: Named, edit: Edit) => edited(environments.dev, named, edit);
  const staging = (named: Named, edit: Edit) => edited(environments.staging, named, edit);
  const task: Named = ['aws_ecs_task_definition', 'countersign-dev-task'];
  const table = (name: string): Named => ['aws_dynamodb_table', `-${name}`];

  describe('lets no service start, which says why:', () => {
    it.each<[string, () => string, RegExp]>([
      ['a variable is missing', () => dev(task, replaced('"AWS_REGION"', '"REGION"')), /AWS_REGION is required/],
      [
        'a variable has another name',
        () => dev(task, replaced('"TABLE_PREFIX"', '"TABLES_PREFIX"')),
        /TABLES_PREFIX is no variable of this service: write TABLE_PREFIX/,
      ],
      [
        'a secret has another name',
        () => dev(task, replaced('"ENCRYPTION_KEY"', '"ENCRYPTION_SECRET"')),
        /ENCRYPTION_KEY is required/,
      ],
      [
        'a secret is read from another key',
        () => dev(task, replaced(':encryption_key:', ':key:')),
        /retrieved secret did not contain key/,
      ],
      [
        'a table has another key',
        () => dev(table('audit-heads'), renamed('userId', 'userID')),
        /DynamoDB cannot be used \(ValidationException\)/,
      ],
      [
        'a table has another name',
        () => dev(table('audit-heads'), renamed('countersign-dev-audit-heads', 'countersign-dev-heads')),
        /DynamoDB has no countersign-dev-audit-heads, which this version needs/,
      ],
      [
        'a table has another sort key',
        () => dev(table('audit-logs'), renamed('timestamp', 'time')),
        /DynamoDB cannot be used \(ValidationException\)/,
      ],
      [
        'the database has another name',
        () => staging(['aws_db_instance', 'database'], set('db_name', 'other')),
        /The database of DATABASE_HOST cannot be used \(3D000\)/,
      ],
    ])(
      '%s',
      async (_, json, message) => {
        await expect(standUp(json(), world)).rejects.toThrow(message);
      },
      60_000,
    );
  });

  describe('is where the story breaks off:', () => {
    it.each<[string, () => string, RegExp]>([
      [
        'an index is gone, and the page of an operation has no history to show',
        () => dev(table('audit-logs'), withoutIndex('operationId-index')),
        /ben may not approve: .*The service cannot reach its database/,
      ],
      [
        'a route is gone, and nobody can consent',
        () => without(environments.dev, ['aws_apigatewayv2_route', 'POST /interaction/{uid}/consent']),
        /404 https:\/\/mcp\.dev\.example\.com\/interaction\/\S+\/consent: \{"message":"Not Found"\}/,
      ],
      [
        'people are sent back to another place, which the provider refuses',
        () =>
          dev(
            ['aws_cognito_user_pool_client', 'sign-in'],
            set('callback_urls', ['https://mcp.dev.example.com/callback']),
          ),
        /no login at https:\/\/cognito-idp\S+ 400/,
      ],
      [
        'the load balancer knows CloudFront by another header, and lets nothing pass',
        () =>
          staging(
            ['aws_lb_listener_rule', 'live'],
            set('condition', [
              { http_header: { http_header_name: 'x-origin', values: `\${var.origin_verify_values}` } },
            ]),
          ),
        /HTTP 403/,
      ],
    ])(
      '%s',
      async (_, json, message) => {
        const standing = await standUp(json(), world);
        try {
          const estate = await seedEstate(standing.aws);
          const error: unknown = await tell(standing.origin, estate).catch((thrown: unknown) => thrown);
          expect(String(error)).toMatch(message);
        } finally {
          await standing.stop();
        }
      },
      90_000,
    );
  });

  it('is seen where health and routes are asked for', async () => {
    const health = { path: '/healthz', matcher: '200', protocol: 'HTTP' };
    const other = dev(['aws_lb_target_group', 'target_group_blue'], set('health_check', health));
    const route: Named = ['aws_apigatewayv2_route', 'GET /mcp/audit-logs'];
    const standing = await standUp(edited(other, route, set('route_key', 'GET /mcp/audit')), world);
    try {
      await expect(demandHealth(standing)).rejects.toThrow('/healthz');
      await expect(demandRoutes(standing)).rejects.toThrow('GET /mcp/audit');
    } finally {
      await standing.stop();
    }
  }, 60_000);

  it('is seen where records and the authorizer are asked for, though the story ends well', async () => {
    const authorizer: Named = ['aws_lambda_function', 'dev-authorizer'];
    const audience = set('environment', {
      variables: {
        ISSUER: 'https://mcp.dev.example.com',
        JWKS_URL: 'https://mcp.dev.example.com/oauth/jwks',
        AUDIENCE: 'https://mcp.dev.example.com',
        ALGORITHMS: 'ES256',
      },
    });
    const standing = await standUp(edited(dev(task, replaced('"STORE"', '"STORES"')), authorizer, audience), world);
    try {
      const { token } = await read(standing.origin, await seedEstate(standing.aws));
      await expect(demandAuthorizer(standing, token)).rejects.toThrow(/Expected: 200\s+Received: 403/);
      await expect(demandTraces(standing)).rejects.toThrow(/Expected: > 0\s+Received: +0/);
    } finally {
      await standing.stop();
    }
  }, 60_000);

  it('has not been made to a table: the service would make the same', async () => {
    const aws = await world.reset();
    const { endpoint, region } = aws;
    // moto keeps accounts apart: theirs has tables of the same names.
    const [platform, service] = [new DynamoDBClient(aws), new DynamoDBClient({ endpoint, region })];
    const names = await makeTables(new Stack(environments.dev), platform);
    await createDynamoTables({ prefix: 'countersign-dev-', region, endpoint });
    for (const name of names) expect(await describeTable(platform, name)).toEqual(await describeTable(service, name));
    const { TableNames: wanted = [] } = await service.send(new ListTablesCommand({}));
    // A task looks at these where it has use for them; the platform makes none without.
    const dev = packNames.slice(0, 1);
    const served: readonly string[] = tablesOf(dev);
    const notMade = Object.entries<TableContract>(tables).filter(
      ([name, table]) =>
        !served.includes(name) ||
        table.sandboxOnly ||
        (table.forWebhooks && !takesWebhooks(dev)) ||
        (table.forProviders && providersOf(dev).length === 0),
    );
    expect(wanted.filter((name) => !names.includes(name)).sort()).toEqual(
      notMade.map(([name]) => `countersign-dev-${name}`).sort(),
    );
    for (const client of [platform, service]) client.destroy();
  }, 60_000);
});
