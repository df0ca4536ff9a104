import { mulberry32 } from '@rounz/core/math/random.ts';
import { normalise } from '@rounz/core/math/vector.ts';
import { closeFile } from '../../src/gallery/backup/container.ts';
import { type BackupPerson, encodeContent } from '../../src/gallery/backup/content.ts';
import { GALLERY } from '../../src/gallery/base/config.ts';
import { randomBytes, toBase64 } from '../../src/gallery/crypto/bytes.ts';
import { keptConsent, marks } from '../../src/gallery/people/records.ts';
import { transformOf } from '../../src/gallery/store/installation.ts';
import { protect } from '../../src/gallery/store/records.ts';

/** People of the benchmarks, in the browser. */
export const WIDTH = 512;
export const PASSPHRASE = 'twelve letters and more';
/** The identity of no model. */
export const NO_MODEL = 'c'.repeat(64);
/** A model with one threshold. */
export const modelOf = (modelHash: string) => ({
  modelHash,
  calibration: [{ targetFpir: 0.01, gallerySize: 1, threshold: 0.5 }],
});

export const unit = (next: () => number): Float32Array =>
  normalise(Float32Array.from({ length: WIDTH }, () => next() - 0.5));

/** The embedding of person `i`. */
export const embeddingOf = (i: number) => unit(mulberry32(i * 2654435761 + 1));

/** A backup of so many people, as another kiosk would have made it. */
export async function backupOf(count: number, modelHash: string): Promise<Blob> {
  const seed = randomBytes(32);
  const transform = await transformOf(seed, WIDTH);
  const at = new Date().toISOString();
  const people = Array.from({ length: count }, (_, i): BackupPerson => {
    const templates = [protect({ embedding: embeddingOf(i), modelHash, createdAt: at }, transform)];
    return {
      id: crypto.randomUUID(),
      demo: false,
      note: '',
      telephone: null,
      templates,
      identity: {
        name: `손님 ${i}`,
        enrolledAt: at,
        changedAt: at,
        consent: keptConsent({ version: '1', givenAt: at }, false),
        templates: marks(templates),
        visits: 0,
        lastVisit: null,
        previousVisit: null,
        savedFrames: [],
        access: null,
      },
    };
  });
  const manifest = { format: 2, madeAt: at, people: count, seed: toBase64(seed), withdrawn: [] } as const;
  return closeFile(encodeContent({ manifest, people }), PASSPHRASE, GALLERY.backupCost);
}
