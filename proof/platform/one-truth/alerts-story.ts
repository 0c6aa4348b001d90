/** The first story of the alerts pack. */
import { ModernAgent } from '../../../service/test/rigs/clients.ts';
import { Employee } from './employee.ts';
import type { Standing } from './standing.ts';
import type { Told } from './story.ts';

/** Somebody connects an agent and looks at what alerts there are. */
export const tellAlerts = async ({ origin }: Standing): Promise<Told> => {
  const agent = await ModernAgent.connect(origin, new Employee('ana'));
  try {
    const { scope, access_token: token = '' } = agent.host.tokens() ?? {};
    expect(scope).toBe('alerts:read');
    expect(await agent.tools()).toContain('list_alerts');
    expect(await agent.call('list_alerts')).toMatchObject({ alerts: [] });
    return { token };
  } finally {
    await agent.close();
  }
};
