import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listModel } from './list-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'list-model-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('listModel', () => {
  const models = join(folder, 'models');
  const listed = () => JSON.parse(readFileSync(join(models, 'models.json'), 'utf8')) as unknown;

  it('lists a new name last and puts a new version in the place of the one before', () => {
    mkdirSync(models, { recursive: true });
    listModel(join(models, 'big-1.0'), 'big');
    listModel(join(models, 'small-1.0'), 'small');
    listModel(join(models, 'big-1.1'), 'big');
    expect(listed()).toEqual({
      models: [
        { name: 'big', folder: 'big-1.1' },
        { name: 'small', folder: 'small-1.0' },
      ],
    });
  });

  it('keeps what the list says of a model beside its folder', () => {
    writeFileSync(
      join(models, 'models.json'),
      JSON.stringify({ models: [{ name: 'big', folder: 'big-1.1', wants: 'webgpu' }] }),
    );
    listModel(join(models, 'big-1.2'), 'big');
    expect(listed()).toEqual({ models: [{ name: 'big', folder: 'big-1.2', wants: 'webgpu' }] });
  });

  it('changes nothing where the list cannot be read', () => {
    writeFileSync(join(models, 'models.json'), '{"recogniser":"big-1.0"}');
    expect(() => listModel(join(models, 'big-1.1'), 'big')).toThrow(/lists no models/);
    expect(listed()).toEqual({ recogniser: 'big-1.0' });
  });
});
