/** A database that runs on weekends only. AWS starts a stopped one after seven days; this one sleeps for five. */
import { Construct } from 'constructs';
import { AssumableRole } from '../roles/role.ts';
import { service } from '../roles/statement.ts';
import { Schedule } from './schedule.ts';

export interface WeekendDatabaseProps {
  /** Start of the names. */
  readonly name: string;
  /** Name of the role, unique in the account. */
  readonly roleName: string;
  readonly accountId: string;
  readonly database: { readonly identifier: string; readonly arn: string };
  /** Hours of Saturday's start and Sunday's end of the service, UTC. */
  readonly startHour: number;
  readonly endHour: number;
}

/** It takes minutes to start: it does so half an hour before the service. */
const startExpression = (hour: number): string =>
  hour === 0 ? 'cron(30 23 ? * FRI *)' : `cron(30 ${hour - 1} ? * SAT *)`;
/** Running requests end first. */
const stopExpression = (hour: number): string => `cron(15 ${hour} ? * SUN *)`;

export class WeekendDatabase extends Construct {
  constructor(scope: Construct, id: string, props: WeekendDatabaseProps) {
    super(scope, id);
    const { name, roleName, accountId, database, startHour, endHour } = props;
    const role = new AssumableRole(this, 'hours', {
      name: roleName,
      description: 'Starts and stops the database',
      trust: [service('scheduler.amazonaws.com', accountId)],
      statements: [
        {
          sid: 'DatabaseStartAndStop',
          actions: ['rds:StartDBInstance', 'rds:StopDBInstance'],
          resources: [database.arn],
        },
      ],
    });
    const input = { DbInstanceIdentifier: database.identifier };
    new Schedule(this, 'start', {
      name: `${name}-database-start`,
      description: 'Starts the database before the weekend’s service',
      expression: startExpression(startHour),
      call: { service: 'rds', operation: 'startDBInstance', input },
      roleArn: role.arn,
    });
    new Schedule(this, 'stop', {
      name: `${name}-database-stop`,
      description: 'Stops the database after the weekend',
      expression: stopExpression(endHour),
      call: { service: 'rds', operation: 'stopDBInstance', input },
      roleArn: role.arn,
    });
  }
}
