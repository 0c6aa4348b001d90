/** People at work while a cutover runs, each with a client of its own: one of each SDK reads, one of each writes. */
import { type Agent, FirstAgent, ModernAgent } from '../../service/test/rigs/clients.ts';
import type { Host } from '../../service/test/rigs/host.ts';
import { Person } from '../../service/test/rigs/person.ts';

export type SdkAgent = Agent & { readonly host: Host };

/** Who countersigns the changes of one writer. */
export interface Approver {
  readonly page: Person;
  readonly agent: Agent;
}

export interface Writer {
  readonly agent: SdkAgent;
  readonly approver: Approver;
}

export interface People {
  readonly readers: readonly SdkAgent[];
  readonly writers: readonly Writer[];
  close(): Promise<void>;
}

/** Both generations of the SDK. */
const generations = [
  (origin: string, person: Person): Promise<SdkAgent> => ModernAgent.connect(origin, person),
  (origin: string, person: Person): Promise<SdkAgent> => FirstAgent.connect(origin, person),
] as const;

const connectApprover = async (origin: string): Promise<Approver> => {
  const page = new Person('ben');
  return { page, agent: await ModernAgent.connect(origin, page) };
};

export const connectPeople = async (origin: string): Promise<People> => {
  const readers = await Promise.all(generations.map((connect) => connect(origin, new Person('vera'))));
  const writers = await Promise.all(
    generations.map(async (connect) => ({
      agent: await connect(origin, new Person('ana')),
      approver: await connectApprover(origin),
    })),
  );
  return {
    readers,
    writers,
    close: async () => {
      const agents = [...readers, ...writers.flatMap(({ agent, approver }) => [agent, approver.agent])];
      await Promise.all(agents.map((agent) => agent.close()));
    },
  };
};
