/** What is shipped names no company that exists: docs/coverage.md alone says what the five descriptions call themselves. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingNames } from '../contracts/settings/index.ts';
import { repository } from '../modules/testing/synthesized.ts';
import { quoted, readRows } from './coverage.ts';

const list = 'docs/coverage.md';
const names = readRows(readFileSync(join(repository, list), 'utf8')).filter(({ section }) => section === 'Names');
const words = names.flatMap(({ cells }) => quoted(cells.name ?? ''));

/** Letters around a name make another word of it. */
const pattern = (word: string): RegExp =>
  new RegExp(`(?<![a-z])${word.replaceAll('.', '\\.').replace(/-$/, '')}(?![a-z])`, 'i');

/** Where every company's Slack takes messages: what notices are sent to, whoever runs this. */
const slacksOwn = /\b(hooks\.slack\.com|slack\.com\/api)\b/g;

/** Lines that have one of the names. */
const named = (files: readonly string[]): string[] =>
  files.flatMap((file) =>
    readFileSync(join(repository, file), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        words
          .filter((word) => pattern(word).test(line.replaceAll(slacksOwn, '')))
          .map((word) => `${file}:${index + 1} names ${word}`),
      ),
  );

/** Every file that git has, without pictures, archives and the hashes of packages. */
const shipped = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: repository })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && file !== list && !/(\.(png|zip)|package-lock\.json)$/.test(file));

describe('names of companies', () => {
  it('are in docs/coverage.md and in no other file', () => {
    expect(words.length).toBeGreaterThan(10);
    expect(shipped.length).toBeGreaterThan(500);
    expect(named(shipped)).toEqual([]);
  });

  it('are found where they are', () => {
    expect(named([list]).length).toBeGreaterThan(words.length);
  });

  it('are given back by a setting', () => {
    const unknown = names.filter(({ cells }) => {
      const settings = quoted(cells['given back by'] ?? '');
      return settings.length === 0 || settings.some((name) => !(settingNames as readonly string[]).includes(name));
    });
    expect(unknown).toEqual([]);
  });
});
