import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headers } from '../../scripts/lib/headers.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
const snippet = (language: string): string =>
  new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(guide)?.[1] ?? '';

describe('the headers', () => {
  it('are in the guide for nginx as they are sent', () => {
    const lines = [...snippet('nginx').matchAll(/^add_header (\S+) "(.*)" always;$/gm)];
    expect(Object.fromEntries(lines.map(([, name, value]) => [name, value]))).toEqual(headers('shipped'));
  });

  it('are in the guide for Caddy as they are sent', () => {
    const block = /header \{(.*?)\n\t\}/s.exec(snippet('caddy'))?.[1] ?? '';
    const lines = [...block.matchAll(/^\t\t(\S+) "(.*)"$/gm)];
    expect(Object.fromEntries(lines.map(([, name, value]) => [name, value]))).toEqual(headers('shipped'));
  });

  it('allow no other origin, no inline script and no eval', () => {
    const policy = headers('shipped')['Content-Security-Policy'] ?? '';
    expect(policy).not.toMatch(/https?:|\*|'unsafe-/);
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
  });
});
