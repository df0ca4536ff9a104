import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Plugin } from 'vite';
import { npmCli } from './platform.mjs';

/** Packages of which files are copied as they are, and which therefore no bundle names. */
const COPIED = ['@tensorflow/tfjs-backend-wasm', '@vladmandic/human', 'pretendard'] as const;
/** Where packages keep the text of their licence. */
const PLACES = ['.', 'dist'] as const;

/** @returns the folder of the installed package that a module belongs to; null for a module of our own */
export function packageFolder(moduleId: string): string | null {
  const found = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)/.exec(moduleId);
  return found?.[1] ?? null;
}

/** Text of a package's licence; null where it names one and brings no text. */
function licenceText(folder: string): string | null {
  for (const place of PLACES) {
    const within = join(folder, place);
    if (!existsSync(within)) continue;
    const file = readdirSync(within).find((name) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(name));
    if (file) return readFileSync(join(within, file), 'utf8').trim();
  }
  return licenceInReadme(folder);
}

/** Some packages have theirs at the end of their README. */
function licenceInReadme(folder: string): string | null {
  const file = join(folder, 'README.md');
  if (!existsSync(file)) return null;
  const section = /^(?:#+ *licen[cs]e.*|licen[cs]e.*\n[-=]+)$[\s\S]*/im.exec(readFileSync(file, 'utf8'))?.[0];
  return section && /copyright/i.test(section) ? section.trim() : null;
}

/** A section for each package: name, version, licence, text. */
function section(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const text = licenceText(folder);
  if (!text && license !== 'Apache-2.0')
    throw new Error(
      `${name} ${version} (${license}) brings no licence text: add it to scripts/lib/terms.ts.`,
    );
  return `${name} ${version} (${license})\n\n${text ?? 'Apache License 2.0: the text is at the end of this file.'}`;
}

/**
 * What has to be said of everything that ships: `NOTICE`, the licence of each bundled package, the licence of the code.
 *
 * @param folders of the bundled packages
 */
export function noticeOf(root: string, folders: Iterable<string>): string {
  const copied = COPIED.map((name) => join(root, 'node_modules', name));
  const sections = [...new Set([...folders, ...copied])].sort().map(section);
  const read = (name: string) => readFileSync(join(root, name), 'utf8').trim();
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  return `${[read('NOTICE'), 'BUNDLED PACKAGES', ...sections, read('LICENSE')].join(rule)}\n`;
}

/**
 * A CycloneDX list of the packages that the kiosk is installed with, by npm itself. It holds all that ships and somewhat more.
 * Without a serial number and the time, so that two builds of the same sources are the same version.
 */
export async function billOfMaterials(root: string): Promise<string> {
  const args = ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only', '--workspaces=false'];
  const { stdout } = await promisify(execFile)(process.execPath, [npmCli(), ...args], {
    cwd: root,
    maxBuffer: 2 ** 26,
  });
  const { serialNumber: _, metadata, ...bill } = JSON.parse(stdout);
  const { timestamp: __, ...about } = metadata;
  return `${JSON.stringify({ ...bill, metadata: about }, null, 1)}\n`;
}

/** Notes which packages a bundle takes in; `terms` writes of them. The kiosk is three bundles: page, worker, service worker. */
export class BundledPackages {
  readonly #folders = new Set<string>();

  readonly noting = (): Plugin => ({
    name: 'rounz-bundled-packages',
    generateBundle: (_options, bundle) => {
      for (const output of Object.values(bundle))
        for (const id of output.type === 'chunk' ? output.moduleIds : []) {
          const folder = packageFolder(id);
          if (folder) this.#folders.add(folder);
        }
    },
  });

  /** Comes after whatever builds the other bundles. */
  terms(root: string): Plugin {
    const folders = this.#folders;
    return {
      name: 'rounz-terms',
      apply: 'build',
      async generateBundle() {
        this.emitFile({ type: 'asset', fileName: 'NOTICE.txt', source: noticeOf(root, folders) });
        this.emitFile({ type: 'asset', fileName: 'sbom.json', source: await billOfMaterials(root) });
      },
    };
  }
}
