import { shopLink } from '@rounz/core/catalogue/shop-link.ts';
import jsQR from 'jsqr';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { rastered } from '../../../test/helpers/qr.ts';
import { QrCode } from './QrCode.tsx';

const drawn = (text: string) =>
  renderToStaticMarkup(createElement(QrCode, { text, label: 'code', testId: 'code' }));
const page = 'https://shop.example.com/saved?from=kiosk';

describe('QrCode', () => {
  it.each([1, 5, 20, 60])(
    'is read back by another decoder as the address that it was given: %d frames',
    (count) => {
      const ids = Array.from({ length: count }, (_, i) => `article-${1_000 + i}`);
      const { address } = shopLink(page, ids)!;
      const { data, size } = rastered(drawn(address));
      expect(jsQR(data, size, size)?.data).toBe(address);
    },
  );

  it('is as coarse as it must be to be read from a step away: at most 77 modules', () => {
    const ids = Array.from({ length: 60 }, (_, i) => `a-rather-long-article-number-${i}`);
    const modules = /data-modules="(\d+)"/.exec(drawn(shopLink(page, ids)!.address))?.[1];
    expect(Number(modules)).toBeLessThanOrEqual(77);
  });

  it('is named for whoever cannot see it', () => {
    expect(drawn(page)).toContain('role="img" aria-label="code"');
  });
});
