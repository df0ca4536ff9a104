import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfig } from './config-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-file-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = z.object({
  totalImages: z.int().positive(),
  losses: z.object({
    arcface: z.object({ margin: z.number() }),
    cosface: z.object({ scale: z.number() }).optional(),
  }),
  sizes: z.array(z.object({ until: z.number(), size: z.int() })),
  repeats: z.record(z.string(), z.int()).optional(),
  optimiser: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('adam'), beta: z.number() }),
    z.object({ kind: z.literal('sgd'), momentum: z.number() }),
  ]),
});

const BASE = {
  totalImages: 100,
  losses: { arcface: { margin: 0.5 } },
  sizes: [{ until: 1, size: 112 }],
  optimiser: { kind: 'adam', beta: 0.9 },
};

const FILE = join(folder, 'own.json');

/** The configuration that a file with this content gives. */
function read(content: unknown, own?: unknown) {
  writeFileSync(FILE, typeof content === 'string' ? content : JSON.stringify(content));
  return readConfig(schema, BASE, FILE, own);
}

/** What is said where the content is refused. */
function refusal(content: unknown): string {
  try {
    read(content);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('This was not refused.');
}

describe('a configuration file', () => {
  it('replaces values key by key and leaves the others', () => {
    expect(read({ losses: { arcface: { margin: 0.3 } } })).toEqual({
      ...BASE,
      losses: { arcface: { margin: 0.3 } },
    });
  });

  it('may name optional parts that the base leaves out', () => {
    expect(read({ losses: { cosface: { scale: 32 } } }).losses.cosface).toEqual({ scale: 32 });
  });

  it('gives way to the values of the command line', () => {
    expect(read({ totalImages: 7 }, { totalImages: 9 }).totalImages).toBe(9);
  });

  it('names an unknown key, the one that was meant and those allowed', () => {
    const said = refusal({ totalImage: 5 });
    expect(said).toContain(FILE);
    expect(said).toContain(
      'totalImage. Is totalImages meant? Allowed here: totalImages, losses, sizes, repeats, optimiser.',
    );
  });

  it('names the path of an unknown key', () => {
    expect(refusal({ losses: { arcfase: { margin: 0.4 } } })).toContain(
      'losses.arcfase. Is arcface meant? Allowed in losses: arcface, cosface.',
    );
    expect(refusal({ sizes: [{ until: 1, sise: 64, size: 64 }] })).toContain(
      'sizes.0.sise. Is size meant? Allowed in sizes.0: until, size.',
    );
  });

  it('names every unknown key at once', () => {
    expect(refusal({ totalImage: 5, losses: { arcface: { margine: 1 } } }).split('\n')).toHaveLength(3);
  });

  it('suggests nothing where no key is near', () => {
    expect(refusal({ photographs: 1 })).toContain('photographs. Allowed here:');
  });

  it('is held against the kind that it chooses', () => {
    expect(read({ optimiser: { kind: 'sgd', momentum: 0.9 } }).optimiser).toEqual({
      kind: 'sgd',
      momentum: 0.9,
    });
    expect(refusal({ optimiser: { kind: 'sgd', momentum: 0.9, beta: 0.9 } })).toContain(
      'optimiser.beta. Allowed in optimiser: kind, momentum.',
    );
    expect(refusal({ optimiser: { momentum: 0.9 } })).toContain(
      'optimiser.momentum. Allowed in optimiser: kind, beta.',
    );
  });

  it('takes any name where names are free', () => {
    expect(read({ repeats: { lfw: 2 } }).repeats).toEqual({ lfw: 2 });
  });

  it('is refused where a value does not fit', () => {
    expect(refusal({ totalImages: 'many' })).toMatch(/not valid[\s\S]*totalImages/);
    expect(refusal({ losses: { arcface: null } })).toMatch(/not valid[\s\S]*arcface/);
  });

  it('is refused where it is no object, no JSON or not there', () => {
    expect(refusal([1])).toContain('holds no object');
    expect(refusal('{')).toContain('is no JSON');
    expect(() => readConfig(schema, BASE, join(folder, 'none.json'))).toThrow(/there is no file/);
  });
});
