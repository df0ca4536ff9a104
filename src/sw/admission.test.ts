import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeRelease } from '../../scripts/lib/release.ts';
import { admit, RefusedRelease, type Standing } from './admission.ts';
import { type Envelope, envelopeSchema, noVersions, type Release, releaseSchema } from './release.ts';

/** Builds as `npm run build` describes them, admitted by the service worker's own rules. */

const folder = mkdtempSync(join(tmpdir(), 'release-'));
const key = (name: string) => join(folder, `${name}.pem`);
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 28);

beforeAll(() => {
  for (const name of ['shop', 'other']) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(key(name), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(key(`${name}-public`), publicKey.export({ type: 'spki', format: 'pem' }));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

let builds = 0;
async function build(epoch: number, publisher: { key?: string; nextKey?: string } = {}): Promise<Envelope> {
  const dist = mkdtempSync(join(folder, 'dist-'));
  writeFileSync(join(dist, 'index.html'), `build ${builds++}`);
  const options = { epoch: String(epoch), ...publisher };
  return envelopeSchema.parse(JSON.parse(await describeRelease(dist, options)));
}

const releaseOf = (envelope: Envelope): Release => releaseSchema.parse(JSON.parse(envelope.release));

function standing(current: Envelope | null, over: Partial<Standing> = {}): Standing {
  const release = current && releaseOf(current);
  return {
    versions: { ...noVersions, current: release?.version ?? null },
    current: release,
    candidate: null,
    now: NOW,
    ...over,
  };
}

describe('a version', () => {
  const signed = { key: key('shop') };

  it('is admitted once, first load or later, signed or a test build', async () => {
    for (const publisher of [{}, signed]) {
      const [first, second] = [await build(1000, publisher), await build(1001, publisher)];
      expect(await admit(first, standing(null))).toEqual(releaseOf(first));
      expect(await admit(second, standing(first))).toEqual(releaseOf(second));
      expect(await admit(first, standing(first))).toBeNull();
    }
  });

  it('carries the headers that its files are answered with', async () => {
    expect(releaseOf(await build(1000)).headers['Content-Security-Policy']).toContain("default-src 'self'");
  });

  it('without the signature of the running version’s publisher is refused', async () => {
    const running = standing(await build(1000, signed));
    await expect(admit(await build(2000), running)).rejects.toThrow(/not signed by the publisher/);
    await expect(admit(await build(2000, { key: key('other') }), running)).rejects.toThrow(RefusedRelease);
    const good = await build(2000, signed);
    const altered = { ...good, release: good.release.replace('"trial":90', '"trial":91') };
    await expect(admit(altered, running)).rejects.toThrow(/not signed/);
    await expect(admit({ ...good, signature: null }, running)).rejects.toThrow(/not signed/);
  });

  it('that says who published it and is signed by another is refused on the first load too', async () => {
    const good = await build(1000, signed);
    const { signature } = await build(1000, { key: key('other') });
    await expect(admit({ ...good, signature }, standing(null))).rejects.toThrow(/not signed/);
  });

  it('hands the right to sign on to the next key', async () => {
    const handover = await build(2000, { ...signed, nextKey: key('other-public') });
    expect(await admit(handover, standing(await build(1000, signed)))).not.toBeNull();
    const running = standing(handover);
    await expect(admit(await build(3000, signed), running)).rejects.toThrow(/not signed/);
    expect(await admit(await build(3000, { key: key('other') }), running)).not.toBeNull();
  });

  it('older than the running or the waiting one, or as old, is refused', async () => {
    const [old, running, waiting] = [await build(1000), await build(2000), await build(3000)];
    await expect(admit(old, standing(running))).rejects.toThrow(/not newer.*build the older sources anew/);
    await expect(admit(await build(2000), standing(running))).rejects.toThrow(/not newer/);
    const both = standing(running, { candidate: releaseOf(waiting) });
    await expect(admit(await build(2500), both)).rejects.toThrow(/not newer/);
  });

  it('that was taken back is let alone for a day, and may then try again', async () => {
    const [running, bad] = [await build(1000), await build(2000)];
    const later = (milliseconds: number) => {
      const base = standing(running, { now: NOW + milliseconds });
      const refused = [{ version: releaseOf(bad).version, at: NOW }];
      return admit(bad, { ...base, versions: { ...base.versions, refused } });
    };
    expect(await later(DAY - 1)).toBeNull();
    expect(await later(DAY)).not.toBeNull();
    expect(await later(-DAY)).not.toBeNull();
  });
});

it('a build says what is wrong with its publisher’s keys', async () => {
  const { privateKey } = generateKeyPairSync('x25519');
  writeFileSync(key('x25519'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await expect(build(1000, { key: key('x25519') })).rejects.toThrow(/no Ed25519 key.*genpkey/);
  await expect(build(1000, { nextKey: key('other-public') })).rejects.toThrow(/give ROUNZ_PUBLISHER_KEY/);
  await expect(build(0.5)).rejects.toThrow(/SOURCE_DATE_EPOCH/);
});
