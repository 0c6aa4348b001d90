/** For tests: what a route of the stand-in for GitHub's API is. */
import type { Repository } from './repository.ts';

export type Rights = Readonly<Record<string, string>>;

export interface Asked {
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Answered {
  readonly status: number;
  readonly body?: unknown;
}

export interface Route {
  readonly method: string;
  /** Below `/repos/<owner>/<name>`; a group is a parameter. */
  readonly path: RegExp;
  /** One of these is enough. */
  readonly takes: readonly (readonly [scope: string, right: 'read' | 'write'])[];
  readonly answer: (repository: Repository, asked: Asked) => Answered;
}

export const ok = (body: unknown, status = 200): Answered => ({ status, body });
export const refused = (status: number, message: string): Answered => ({ status, body: { message } });
export const missing = refused(404, 'Not Found');

export const page = <T>(all: readonly T[], query: URLSearchParams): Answered => {
  const [number, size] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 30)];
  return ok(all.slice((number - 1) * size, number * size));
};
