import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bundle } from '../helpers/bundle.ts';
import type { KioskMachine } from '../helpers/kiosk.ts';
import { TESTED_MODEL } from '../helpers/models.ts';

const identity = z.object({ modelHash: z.string() });

/**
 * Enrols invented people in the kiosk's own gallery, as a backup of another kiosk would: with templates of the model that browser
 * tests use.
 *
 * @param dist the built kiosk
 */
export async function fillKiosk(machine: KioskMachine, dist: string, people: number): Promise<void> {
  const manifest = join(dist, 'models', TESTED_MODEL.folder, 'manifest.json');
  const { modelHash } = identity.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const { entry, scripts } = await bundle(join(import.meta.dirname, 'gallery-page.ts'));
  const html = `<!doctype html><title>fill</title><script type="module" src="/bench/${entry}"></script>`;
  const { page } = await machine.open({
    camera: { kind: 'none' },
    path: `bench/?hash=${modelHash}`,
    prepare: (context) =>
      context.route('**/bench/**', (route) => {
        const script = scripts.get(new URL(route.request().url()).pathname.slice('/bench/'.length));
        const contentType = script === undefined ? 'text/html' : 'text/javascript';
        return route.fulfill({ body: script ?? html, contentType });
      }),
  });
  await page.waitForFunction(() => 'bench' in window);
  await page.evaluate((count) => window.bench.fill(count), people);
}
