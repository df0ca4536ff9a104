import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { RECIPES } from '../recipes/recipes.ts';
import { configOf, registerTrain } from './train.ts';

const folder = mkdtempSync(join(tmpdir(), 'train-command-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The configuration of `train` with a file of these values. */
function withFile(values: unknown, more: Partial<Parameters<typeof configOf>[0]> = {}) {
  const config = join(folder, 'own.json');
  writeFileSync(config, JSON.stringify(values));
  return configOf({ recipe: 'distil', scale: 'full', config, ...more });
}

/** What `train` says to arguments that it refuses. */
async function refusal(...args: string[]): Promise<string> {
  let said = '';
  const program = new Command();
  registerTrain(program);
  for (const command of program.commands)
    command.exitOverride().configureOutput({ writeErr: (text) => (said += text) });
  await program.parseAsync(['train', ...args], { from: 'user' }).catch(() => {});
  return said.trim();
}

describe('train --config', () => {
  it('lays the file over the recipe', () => {
    const { losses } = withFile({ losses: { arcface: { margin: 0.25 } } });
    expect(losses).toEqual({
      ...RECIPES['distil']!.losses,
      arcface: { ...RECIPES['distil']!.losses.arcface, margin: 0.25 },
    });
  });

  it('refuses keys that a recipe does not have', () => {
    expect(() => withFile({ totalImage: 5000 })).toThrow(/totalImage\. Is totalImages meant\?/);
    expect(() => withFile({ losses: { arcfase: { margin: 0.2 } } })).toThrow(
      /losses\.arcfase\. Is arcface meant\?/,
    );
  });

  it('takes a file alone, and sends a recipe’s name to --recipe', () => {
    expect(() => configOf({ recipe: 'distil', scale: 'full', config: 'smoke' })).toThrow(
      /give --recipe smoke/,
    );
  });

  it('gives way to what the command says', () => {
    expect(withFile({ totalImages: 100, seed: 3 }, { images: 200, seed: 4, sets: ['lfw'] })).toMatchObject({
      totalImages: 200,
      seed: 4,
      data: { ...RECIPES['distil']!.data, sets: ['lfw'] },
    });
  });

  it('takes every recipe as a file of its own', () => {
    for (const [recipe, values] of Object.entries(RECIPES))
      expect(withFile(values, { recipe })).toEqual(values);
  });
});

describe('train', () => {
  it('refuses a time that is no number, by its name and range', async () => {
    expect(await refusal('--checkpoint-minutes', 'abc')).toBe(
      "error: option '--checkpoint-minutes <n>' argument 'abc' is invalid. It takes a number from 0 to 1440.",
    );
  });

  it('refuses a recipe that is not there, and names those that are', async () => {
    expect(await refusal('--recipe', 'distill')).toMatch(
      /--recipe <name>.*distill.*Allowed choices are .*distil/,
    );
  });
});
