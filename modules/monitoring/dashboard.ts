/** A CloudWatch dashboard. The page refreshes as its viewer sets it; one minute suits. */
import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import { Construct } from 'constructs';
import { layOut, type Section } from './widget.ts';

export interface DashboardProps {
  readonly name: string;
  /** Those without widgets are left out. */
  readonly sections: readonly Section[];
}

export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { name, sections }: DashboardProps) {
    super(scope, id);
    const widgets = layOut(sections.filter(({ widgets: { length } }) => length > 0));
    new CloudwatchDashboard(this, 'dashboard', {
      dashboardName: name,
      dashboardBody: JSON.stringify({ start: '-PT24H', periodOverride: 'auto', widgets }),
    });
  }
}
