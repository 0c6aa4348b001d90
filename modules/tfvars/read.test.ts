import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../testing/synthesized.ts';
import { environmentNames, readEnvironment, readTfvars } from './read.ts';

const file = 'environments/dev.tfvars';
const text = await readFile(join(repository, file), 'utf8');
const lineOf = (pattern: RegExp) => text.split('\n').findIndex((line) => pattern.test(line)) + 1;

/** What is said of the development environment after an edit. */
const said = async (from: string | RegExp, to: string): Promise<string> => {
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  return readTfvars(file, edited).then(
    () => 'nothing',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
};

const names = await environmentNames(repository);

describe('every environment in the repository', () => {
  it.each(names)('%s can be used', async (name) => {
    const { regions, label } = await readEnvironment(repository, name);
    expect(regions.length).toBeGreaterThan(0);
    expect(label).toBe(name.replace('examples/', '').replace('/', '-'));
  });

  it('says which there are when none, or an unknown one, is asked for', async () => {
    await expect(readEnvironment(repository, undefined)).rejects.toThrow(
      /^No environment given: set the variable ENVIRONMENT, or pass --environment to a command\. There are dev, examples\/alerts\/dev, .*, prod, staging\.$/,
    );
    await expect(readEnvironment(repository, '../dev')).rejects.toThrow(
      /^There is no environment "\.\.\/dev"; did you mean dev\? There are dev, /,
    );
  });
});

describe('a file that is wrong', () => {
  it('names file and line of a syntax error', async () => {
    expect(await said('project_name = "countersign"', 'project_name = ')).toMatch(
      new RegExp(
        `^The environment cannot be read:\n  ${file}:${lineOf(/^project_name/)} Invalid expression.*name = value, one a line\\.$`,
        's',
      ),
    );
    expect(await said('["us-east-1"]', '["us-east-1"')).toContain(`\n  ${file}:`);
  });

  it('refuses interpolation and directives, wherever they stand', async () => {
    const line = lineOf(/^task_cpu/);
    expect(await said(/task_cpu .*/, 'log_level = "${var.level}"')).toContain(
      `${file}:${line} log_level holds an interpolation; a tfvars file is data only: write the value itself`,
    );
    expect(await said(/task_cpu .*/, 'log_level = "%{ if true }info%{ endif }"')).toContain('holds an interpolation');
    expect(await said(/task_cpu .*/, '# task_cpu = "${var.cpu}"')).toBe('nothing');
  });

  it('names the line of an unknown key, a wrong type, a broken rule', async () => {
    const line = lineOf(/^task_cpu/);
    expect(await said(/task_cpu .*/, 'task_cpus = 512')).toContain(
      `${file}:${line} task_cpus is no setting; did you mean task_cpu?`,
    );
    expect(await said(/task_cpu .*/, 'task_cpu = "512"')).toContain(`${file}:${line} task_cpu must be a whole number`);
    expect(await said('"10.0.12.0/24"', '"10.0.2.0/24"')).toContain(
      `${file}:${lineOf(/^private_cidrs/)} private_cidrs must not overlap another subnet`,
    );
  });

  it('names the part of a map, on its own line', async () => {
    const message = await said(/task_cpu .*/, 'tags = {\n  Team = "a"\n  "aws:x" = "y"\n}');
    // tags stands in the file already: HCL refuses a second one.
    expect(message).toMatch(/:\d+ .*tags/);
    const names = await said(/task_cpu .*/, 'names = {\n  cluster = "a cluster"\n}');
    expect(names).toContain(`${file}:${lineOf(/^task_cpu/) + 1} names.cluster must be 2 to 128 letters`);
  });

  it('says everything that is wrong at once', async () => {
    expect((await said(/task_cpu .*/, 'task_cpus = 1\nspot = 1\nautoscale = 1')).split('\n')).toHaveLength(4);
  });
});
