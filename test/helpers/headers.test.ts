import { describe, expect, it } from 'vitest';
import { headers, httpsHeaders } from '../../scripts/lib/headers.mjs';
import { guideBlock } from './web-servers.ts';

const guide = { ...headers('shipped'), ...httpsHeaders };

describe('the headers', () => {
  it('are in the guide for nginx as they are sent', () => {
    const lines = [...guideBlock('nginx').matchAll(/^\tadd_header (\S+) "(.*)" always;$/gm)];
    expect(Object.fromEntries(lines.map(([, name, value]) => [name, value]))).toEqual(guide);
  });

  it('are in the guide for Caddy as they are sent', () => {
    const block = /header \{(.*?)\n\t\}/s.exec(guideBlock('caddy'))?.[1] ?? '';
    const lines = [...block.matchAll(/^\t\t(\S+) "(.*)"$/gm)];
    expect(Object.fromEntries(lines.map(([, name, value]) => [name, value]))).toEqual(guide);
  });

  it('allow no other origin, no inline script and no eval', () => {
    const policy = headers('shipped')['Content-Security-Policy'] ?? '';
    expect(policy).not.toMatch(/https?:|\*|'unsafe-/);
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("require-trusted-types-for 'script'");
  });
});
