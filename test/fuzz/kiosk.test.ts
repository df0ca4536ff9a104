import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueSchema } from '@rounz/core/catalogue/catalogue.ts';
import { manifestSchema } from '@rounz/core/model/manifest.ts';
import { modelListSchema } from '@rounz/core/model/model-list.ts';
import { isStrongPin, normalPin } from '@rounz/core/people/pin.ts';
import { normalTelephone, telephoneForms, telephoneProblem } from '@rounz/core/people/telephone.ts';
import { cleanName, cleanNote, nameProblem } from '@rounz/core/people/text.ts';
import {
  DEFAULT_SETTINGS,
  readSettings,
  settingsSchema,
  storedSettings,
} from '@rounz/core/settings/settings.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/app/config.ts';
import { closeFile, openFile } from '../../src/gallery/backup/container.ts';
import { decodeContent } from '../../src/gallery/backup/content.ts';
import { healingConfig } from '../../src/state/healing/config.ts';
import { heal } from '../../src/state/healing/healing.ts';
import { type HealingEvent, initialHealing, reloadSpacing } from '../../src/state/healing/model.ts';
import { readReloads } from '../../src/state/healing/reload-note.ts';
import { readView } from '../../src/state/sight/scene.ts';
import { envelopeSchema, releaseSchema, versionsSchema } from '../../src/sw/release.ts';
import { errorShape, visionError } from '../../src/vision/errors.ts';
import { SHIPPED_MODELS } from '../helpers/models.ts';
import { damaged, parsedLater, runs, tampered } from './cases.ts';

/** What comes to the kiosk from outside: whatever it is, it is read or refused, and nothing breaks. */

const PUBLIC = join(import.meta.dirname, '../../public');
const json = (path: string): unknown => JSON.parse(readFileSync(join(PUBLIC, path), 'utf8'));

const schemas = {
  manifest: [manifestSchema, json(`models/${SHIPPED_MODELS[0]!.folder}/manifest.json`)],
  'model list': [modelListSchema, json('models/models.json')],
  catalogue: [catalogueSchema, json('catalogue/catalogue.json')],
  versions: [versionsSchema, { current: 'a', previous: null, candidate: null, onTrial: false, refused: [] }],
  release: [releaseSchema, { format: 1, version: '0'.repeat(16), trial: 60, files: [] }],
  envelope: [envelopeSchema, { format: 2, release: '{}', signature: null }],
} as const;

describe('schemas', () => {
  for (const [name, [schema, sample]] of Object.entries(schemas))
    it(`${name}: anything is read or refused, and what was read is read again`, () => {
      expect(schema.safeParse(sample).success).toBe(true);
      fc.assert(
        fc.property(fc.oneof(fc.anything(), fc.jsonValue(), tampered(sample)), (value) => {
          const first = schema.safeParse(value);
          if (first.success) expect(schema.safeParse(first.data).success).toBe(true);
          else expect(first.error.issues.length).toBeGreaterThan(0);
        }),
        runs(),
      );
    });
});

describe('backup', () => {
  const PASSPHRASE = 'twelve letters and more';
  const LEAST = { cost: { memory: 8, passes: 1 }, rounds: 1000 };

  it('content: bytes of any kind are read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        await parsedLater(() => decodeContent(new Uint8Array(bytes)));
      }),
      runs(),
    );
  });

  it('file: cut or changed anywhere it is refused, whole it is read', async () => {
    const content = new TextEncoder().encode('everybody');
    const whole = new Uint8Array(await (await closeFile(content, PASSPHRASE, LEAST.cost)).arrayBuffer());
    expect(await openFile(new Blob([whole]), PASSPHRASE, LEAST)).toEqual(content);
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged(whole), fc.uint8Array({ maxLength: 300 })), async (bytes) => {
        const file = new Uint8Array(bytes);
        const read = await parsedLater(() => openFile(new Blob([file]), PASSPHRASE, LEAST));
        if (read) expect(read).toEqual(content);
      }),
      runs(0.5),
    );
  });
});

describe('settings in the address', () => {
  const names = [
    'camera',
    'backend',
    'lang',
    'model',
    'theme',
    'position',
    'voice',
    'inches',
    'consent',
    'x',
  ];

  it('any query is read; what does not fit is named and changes nothing', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('ko', 'wasm', 'low', '32', 'NaN', '1e9'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 6 }), (pairs) => {
        const search = `?${new URLSearchParams(pairs)}`;
        const { config, refused } = readConfig(search);
        expect(['ko', 'en']).toContain(config.language);
        const { inches = 32 } = config.shop;
        expect(inches >= 7 && inches <= 100).toBe(true);
        for (const { name } of refused) expect(names).toContain(name);
      }),
      runs(),
    );
  });
});

describe('settings of the shop', () => {
  it('anything that is stored is read group by group; what does not fit is named, and the rest holds', () => {
    const stored = storedSettings({ ...DEFAULT_SETTINGS, shop: { name: 'ROUNZ', place: 'Seoul' } });
    expect(readSettings(stored).problems).toEqual([]);
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.jsonValue(), tampered(stored)), (value) => {
        const { settings, problems } = readSettings(value);
        expect(settingsSchema.safeParse(settings).success).toBe(true);
        expect(readSettings(storedSettings(settings))).toEqual({ settings, problems: [] });
        // Whatever was spoilt, the kiosk does not begin to look at faces without asking.
        if (problems.includes('asking') || problems.includes('all'))
          expect(settings.asking.kind).toBe('touch');
      }),
      runs(),
    );
  });
});

describe('people', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.stringMatching(/^[+0-9 -]*$/),
  );

  it('telephone: the normal form is its own normal form, and among the forms that are looked up', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const normal = normalTelephone(typed);
        if (telephoneProblem(typed) !== null) return;
        expect(normalTelephone(normal)).toBe(normal);
        expect(telephoneForms(typed)).toContain(normal);
      }),
      runs(),
    );
  });

  it('names, notes and PINs: what was cleaned is clean', () => {
    fc.assert(
      fc.property(text, (typed) => {
        expect(cleanName(cleanName(typed))).toBe(cleanName(typed));
        expect(cleanNote(cleanNote(typed))).toBe(cleanNote(typed));
        expect(normalPin(normalPin(typed))).toBe(normalPin(typed));
        nameProblem(typed);
        if (isStrongPin(typed, { min: 6, max: 12 })) expect(normalPin(typed)).toMatch(/^\d{6,12}$/);
      }),
      runs(),
    );
  });
});

describe('messages of the worker', () => {
  it('an object without a prototype, which cannot be written as text, becomes one too', () => {
    expect(errorShape(visionError(Object.create(null)))).toMatchObject({ code: 'internal' });
  });

  it('anything that is thrown becomes an error with a code and words', () => {
    const thrown = fc.oneof(
      fc.anything(),
      fc.record({ name: fc.constant('VisionError'), code: fc.string(), message: fc.string() }),
    );
    fc.assert(
      fc.property(thrown, (value) => {
        const { code, message, name } = errorShape(visionError(value));
        expect(name).toBe('VisionError');
        expect(typeof message).toBe('string');
        expect(code).not.toBe('');
      }),
      runs(),
    );
  });
});

describe('notes beside the gallery', () => {
  it('any text is a note or none', () => {
    const text = fc.oneof(fc.string(), fc.json(), fc.constant(null));
    fc.assert(
      fc.property(text, (note) => {
        const { count, last } = readReloads({ read: () => note, write: () => true });
        expect(Number.isInteger(count) && count >= 0 && last.length <= 100).toBe(true);
        const view = readView(note);
        if (view) expect(view.scene).toHaveLength(48);
      }),
      runs(),
    );
  });
});

describe('heal', () => {
  const part = fc.constantFrom('engine', 'gallery', 'camera', 'screen', 'page');
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ type: fc.constant('tick'), quiet: fc.boolean(), wanted: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('failed'), part, detail: fc.string() }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('starting', 'progress', 'well'), part }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('frame', 'uncaught'), detail: fc.string() }) },
  );

  it('reloads only an empty shop, and no sooner after a reload than it may', () => {
    const wait = fc.oneof(fc.constant(1_000), fc.integer({ min: 0, max: 100_000 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(step, wait), { maxLength: 300 }), (steps) => {
        let model = initialHealing(0, 0);
        let at = 0;
        let last = 0;
        for (const [one, passes] of steps) {
          at += passes;
          const quietFor = 'quiet' in one && one.quiet ? healingConfig.quiet : null;
          const around = {
            quietFor,
            framesWanted: 'wanted' in one && one.wanted,
            hour: 12,
            withoutGpu: false,
          };
          const before = model.reloads;
          const healed = heal(model, { ...one, ...around, at } as HealingEvent, healingConfig);
          model = healed.model;
          for (const act of healed.acts) {
            if (act.kind !== 'reload') continue;
            expect(quietFor).not.toBeNull();
            expect(at - last).toBeGreaterThanOrEqual(reloadSpacing(before, healingConfig));
            last = at;
          }
          for (const trouble of Object.values(model.troubles))
            expect(trouble.nextAt - at).toBeLessThanOrEqual(healingConfig.retryEvery);
        }
      }),
      runs(),
    );
  });
});
