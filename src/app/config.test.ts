import { DEFAULT_SETTINGS, type Settings } from '@rounz/core/settings/settings.ts';
import { describe, expect, it } from 'vitest';
import { readConfig, settingsInForce } from './config.ts';

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
    ['inches', '3'],
    ['rotation', '45'],
    ['mirror', 'yes'],
  ])('refuses %s=%s, keeps the default and says so', (name, value) => {
    const { config, refused } = readConfig(`?${name}=${encodeURIComponent(value)}`);
    expect(refused).toEqual([{ name, value }]);
    expect(config).toEqual(readConfig('').config);
  });

  it('ignores what belongs to others', () => {
    expect(readConfig('?utm_source=x&__proto__=1').refused).toEqual([]);
  });
});

describe('the settings in force', () => {
  const posted: Settings = {
    ...DEFAULT_SETTINGS,
    asking: { kind: 'signs', confirmedAt: '2026-11-28T00:00:00.000Z' },
    screen: { inches: 32, lowerEdge: 70 },
  };
  const askingAt = (search: string, kept = posted) =>
    settingsInForce(kept, readConfig(search).config).asking.kind;

  it('are those that were set up where the address says nothing', () => {
    expect(settingsInForce(posted, readConfig('').config)).toEqual(posted);
  });

  it.each(['?consent=ask', '?consent=yes', '?consent=no', '?consent=', '?consent=none&lang=en'])(
    'ask first with %s, whatever was set up',
    (search) => {
      expect(askingAt(search)).toBe('touch');
      expect(askingAt(search, { ...posted, asking: { kind: 'step' } })).toBe('step');
    },
  );

  it('cannot be made not to ask by the address', () => {
    for (const search of ['', '?consent=off', '?consent=signs', '?asking=signs', '?lang=en'])
      expect(askingAt(search, DEFAULT_SETTINGS)).toBe('touch');
  });

  it('name a value of consent that is none', () => {
    expect(readConfig('?consent=yes').refused).toEqual([{ name: 'consent', value: 'yes' }]);
  });

  it('take screen, language and camera from the address for support, and keep the rest', () => {
    const { config } = readConfig('?inches=21.5&lang=en&rotation=90&mirror=off');
    expect(settingsInForce(posted, config)).toEqual({
      ...posted,
      language: 'en',
      screen: { inches: 21.5, lowerEdge: 70 },
      camera: { ...posted.camera, rotation: 90, mirrored: false },
    });
  });

  it('let the demonstration walk on without a question, and ask there where the address says so', () => {
    expect(askingAt('?camera=demo', DEFAULT_SETTINGS)).toBe('signs');
    expect(askingAt('?camera=demo&consent=ask', DEFAULT_SETTINGS)).toBe('touch');
  });
});
