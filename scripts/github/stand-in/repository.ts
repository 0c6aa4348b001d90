/** For tests: what GitHub keeps of one repository, as far as the workflows touch it. */
import { createHash } from 'node:crypto';

export interface Pull {
  readonly number: number;
  readonly head: { ref: string; sha: string };
  readonly base: { readonly ref: string };
  readonly user: { readonly login: string };
  title: string;
  body: string;
  labels: { name: string }[];
  state: 'open' | 'closed';
  merged: boolean;
  /** Merges by itself once the checks are green. */
  autoMerge: boolean;
}

export interface Issue {
  readonly number: number;
  title: string;
  body: string;
  labels: { name: string }[];
  state: 'open' | 'closed';
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly user: { readonly login: string };
}

interface Commit {
  readonly parents: readonly string[];
  readonly message: string;
  readonly files: ReadonlyMap<string, string>;
}

export interface Dispatch {
  readonly workflow: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
}

const BOT = 'github-actions[bot]';

const shaOf = (value: unknown): string => createHash('sha1').update(JSON.stringify(value)).digest('hex');

export class Repository {
  readonly name: string;
  readonly pulls: Pull[] = [];
  readonly issues: Issue[] = [];
  readonly comments: Comment[] = [];
  readonly labels = new Set<string>();
  readonly dispatches: Dispatch[] = [];
  readonly commits = new Map<string, Commit>();
  readonly trees = new Map<string, ReadonlyMap<string, string>>();
  readonly branches = new Map<string, string>();
  /** Artifacts of a run, by the run's id. */
  readonly artifacts = new Map<string, string[]>();
  /** main takes no merge before its checks are green. */
  protected = false;
  /** Repository setting "Allow auto-merge". */
  allowsAutoMerge = true;
  #numbers = 0;

  constructor(files: Readonly<Record<string, string>> = {}, name = 'o/r') {
    this.name = name;
    this.branches.set('main', this.commit([], 'first', new Map(Object.entries(files))));
  }

  get main(): string {
    return this.branches.get('main') ?? '';
  }

  commit(parents: readonly string[], message: string, files: ReadonlyMap<string, string>): string {
    const sha = shaOf([parents, message, [...files], this.commits.size]);
    this.commits.set(sha, { parents, message, files });
    return sha;
  }

  tree(files: ReadonlyMap<string, string>): string {
    const sha = shaOf([...files]);
    this.trees.set(sha, files);
    return sha;
  }

  /** A commit by its own name, or that of a branch. */
  at(ref: string): Commit | undefined {
    return this.commits.get(this.branches.get(ref) ?? ref);
  }

  file(path: string, ref = 'main'): string | undefined {
    return this.at(ref)?.files.get(path);
  }

  pull(given: { head: string; commit?: string; title?: string; body?: string; author?: string }): Pull {
    this.#numbers += 1;
    const { head, commit, title = head, body = '', author = BOT } = given;
    const pull: Pull = {
      number: this.#numbers,
      head: { ref: head, sha: commit ?? this.branches.get(head) ?? '' },
      base: { ref: 'main' },
      user: { login: author },
      title,
      body,
      labels: [],
      state: 'open',
      merged: false,
      autoMerge: false,
    };
    this.pulls.push(pull);
    return pull;
  }

  issue(given: { title: string; body: string; labels?: readonly string[] }): Issue {
    this.#numbers += 1;
    const { title, body, labels = [] } = given;
    const issue: Issue = {
      number: this.#numbers,
      title,
      body,
      labels: labels.map((name) => ({ name })),
      state: 'open',
    };
    this.issues.push(issue);
    return issue;
  }

  comment(issue: number, body: string, login = BOT): Comment {
    const comment: Comment = { id: this.comments.length + 1, issue, body, user: { login } };
    this.comments.push(comment);
    return comment;
  }

  label(number: number, ...names: string[]): void {
    const found = this.pulls.find((pull) => pull.number === number);
    found?.labels.push(...names.map((name) => ({ name })));
  }

  /** Puts a pull request's files on main. */
  merge(pull: Pull): string {
    const files = new Map([...(this.at('main')?.files ?? []), ...(this.commits.get(pull.head.sha)?.files ?? [])]);
    const sha = this.commit([this.main, pull.head.sha], `Merge pull request #${pull.number}`, files);
    this.branches.set('main', sha);
    pull.state = 'closed';
    pull.merged = true;
    return sha;
  }
}
