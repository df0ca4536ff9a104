import { afterEach, describe, expect, it, vi } from 'vitest';
import { galleryError } from './errors.ts';

afterEach(() => vi.unstubAllGlobals());

describe('galleryError', () => {
  const failed = () => galleryError(new Error('no database')).message;

  it('asks for an https address where plain http is the reason, and not for another kind of window', () => {
    vi.stubGlobal('isSecureContext', false);
    expect(failed()).toContain('https');
    expect(failed()).not.toContain('private');
  });

  it('asks to let the site store data where the address is none', () => {
    vi.stubGlobal('isSecureContext', true);
    expect(failed()).toContain('allow this site to store data');
    expect(failed()).not.toContain('https');
  });
});
