import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, type Option } from 'commander';
import { describe, expect, it } from 'vitest';

const NAMES = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

/** Subcommands stand in files of their own, named after both. */
const SUBCOMMANDS: Readonly<Record<string, string>> = { 'synth-twin': 'synth twin' };

async function load(name: string): Promise<Command> {
  const program = new Command();
  const module = (await import(/* @vite-ignore */ join(import.meta.dirname, `${name}.ts`))) as Record<
    string,
    unknown
  >;
  const registers = Object.entries(module).filter(([key]) => key.startsWith('register'));
  for (const [, register] of registers) (register as (program: Command) => void)(program);
  return program;
}

const loaded = new Map(await Promise.all(NAMES.map(async (name) => [name, await load(name)] as const)));

/** Every command and subcommand. */
const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];

const options: [name: string, option: Option][] = [...loaded].flatMap(([name, program]) =>
  all(program).flatMap((command) =>
    command.options.map((option): [string, Option] => [`${name} ${option.flags}`, option]),
  ),
);

/** Names of values that are numbers, in the options' flags. */
const NUMERIC = /<(n|pixels|seed|score)(\.\.\.)?>/;
const numeric = options.filter(([, { flags }]) => NUMERIC.test(flags));

describe('commands', () => {
  it('are called as their files are', () => {
    for (const [name, program] of loaded)
      expect(program.commands.map((command) => command.name())).toEqual([
        (SUBCOMMANDS[name] ?? name).split(' ').at(-1),
      ]);
  });

  it('stand in the list of the entrance and among the workspace’s scripts', () => {
    const entrance = readFileSync(join(import.meta.dirname, '../cli.ts'), 'utf8');
    const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const name of NAMES.filter((one) => !(one in SUBCOMMANDS))) {
      expect(entrance).toContain(`'./commands/${name}.ts'`);
      expect(scripts[name]).toBe(`tsx cli.ts ${name}`);
    }
  });

  it('have numbers among their options', () => {
    expect(numeric.length).toBeGreaterThan(20);
  });

  it.each(numeric)('refuse "abc" and nothing for %s, and say what it takes', (_, { parseArg }) => {
    for (const text of ['abc', '', '5 pictures'])
      expect(() => parseArg!(text, undefined)).toThrow(/It takes a/);
  });

  it('have no option with a numeric default that is not parsed', () => {
    const unparsed = options.filter(
      ([, { defaultValue, parseArg }]) =>
        (typeof defaultValue === 'number' || /^\d+$/.test(String(defaultValue))) && !parseArg,
    );
    expect(unparsed.map(([name]) => name)).toEqual([]);
  });
});
