/** Sizes of a Fargate task: the next smaller and the next larger that AWS takes. */
import { fargateMemory } from '../../../contracts/settings/fargate.ts';

export interface Size {
  /** 1024 a vCPU. */
  readonly cpu: number;
  /** MB. */
  readonly memory: number;
}

/** The least memory of at least so much that goes with the CPU. */
const memoryFrom = (cpu: number, atLeast: number): number | undefined =>
  fargateMemory[cpu]?.find((memory) => memory >= atLeast);

const sizeOf = (cpu: number, atLeast: number): Size | undefined => {
  const memory = memoryFrom(cpu, atLeast);
  return memory === undefined ? undefined : { cpu, memory };
};

/** Half the CPU, and half the memory or the least that goes with it. Undefined: nothing is smaller. */
export const halved = ({ cpu, memory }: Size): Size | undefined => {
  const smaller = sizeOf(cpu / 2, memory / 2);
  return smaller !== undefined && smaller.memory <= memory ? smaller : undefined;
};

/** Twice of what is short; the other as it is, or the least that goes with it. Undefined: nothing is larger. */
export const doubled = (
  { cpu, memory }: Size,
  short: { readonly cpu: boolean; readonly memory: boolean },
): Size | undefined => {
  const wanted = short.memory ? memory * 2 : memory;
  const least = short.cpu ? cpu * 2 : cpu;
  const found = Object.keys(fargateMemory)
    .map(Number)
    .toSorted((a, b) => a - b)
    .find((units) => units >= least && memoryFrom(units, wanted) !== undefined);
  return found === undefined ? undefined : sizeOf(found, wanted);
};
