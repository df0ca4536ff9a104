import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('the configuration', () => {
  it('is the shop floor without settings: the camera, Korean, the best backend', () => {
    const { config, refused } = readConfig('');
    expect(config).toMatchObject({ camera: 'device', language: 'ko' });
    expect(config.vision).not.toHaveProperty('forceBackend');
    expect(refused).toEqual([]);
  });

  it('takes what the address says', () => {
    const { config } = readConfig('?camera=demo&backend=wasm&lang=en&model=other-2.1');
    expect(config).toMatchObject({
      camera: 'demo',
      language: 'en',
      model: 'other-2.1',
      vision: { forceBackend: 'wasm' },
    });
  });

  it.each([
    ['model', 'https://elsewhere.example/model'],
    ['model', '../../secrets'],
    ['model', '..'],
    ['model', ''],
    ['backend', 'cuda'],
    ['camera', 'neighbours'],
    ['lang', 'fr'],
  ])('refuses %s=%s, keeps the default and says so', (name, value) => {
    const { config, refused } = readConfig(`?${name}=${encodeURIComponent(value)}`);
    expect(refused).toEqual([{ name, value }]);
    expect(config).toEqual(readConfig('').config);
  });

  it('does not mind what belongs to others', () => {
    expect(readConfig('?utm_source=x&__proto__=1').refused).toEqual([]);
  });
});
