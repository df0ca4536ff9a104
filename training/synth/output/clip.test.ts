import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, describe, expect, it } from 'vitest';
import { parseScene } from '../../commands/synth.ts';
import { type ClipScene, writeClip } from './clip.ts';

const folder = mkdtempSync(join(tmpdir(), 'clip-'));
afterAll(() => rmSync(folder, { recursive: true }));
const scenes: ClipScene[] = [
  { person: null, seconds: 0.2 },
  { person: 'seo-jiwoo', seconds: 0.3, motion: 'still' },
];

/** The pictures of a motion JPEG, cut at each start-of-image marker. */
function pictures(bytes: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let i = 0; i + 2 < bytes.length; i++) {
    if (bytes[i] === 0xff && bytes[i + 1] === 0xd8 && bytes[i + 2] === 0xff) starts.push(i);
  }
  return starts.map((start, i) => bytes.subarray(start, starts[i + 1] ?? bytes.length));
}

describe('writeClip', () => {
  it('writes motion JPEG: the empty shop, then the person', async () => {
    const file = join(folder, 'a.mjpeg');
    expect(await writeClip(file, scenes)).toBe(15);
    const frames = pictures(readFileSync(file));
    expect(frames).toHaveLength(15);
    const middle = await Promise.all(
      [frames[0]!, frames[14]!].map(async (bytes) => {
        const canvas = createCanvas(640, 480);
        const context = canvas.getContext('2d');
        context.drawImage(await loadImage(bytes), 0, 0);
        return context.getImageData(320, 400, 1, 1).data;
      }),
    );
    expect(Math.abs(middle[0]![0]! - middle[1]![0]!)).toBeGreaterThan(20);
  });

  it('writes Y4M with the rate in its header and whole frames', async () => {
    const file = join(folder, 'a.y4m');
    expect(await writeClip(file, [{ person: null, seconds: 0.2 }], { rate: 15 })).toBe(3);
    const bytes = readFileSync(file);
    const header = bytes.subarray(0, bytes.indexOf(10) + 1).toString();
    expect(header).toContain('W640 H480 F15:1');
    expect(bytes.length - header.length).toBe(3 * ('FRAME\n'.length + 640 * 480 * 1.5));
  });

  it('refuses what Chromium would not play and people whom nobody drew', async () => {
    await expect(writeClip(join(folder, 'a.mp4'), scenes)).rejects.toThrow(/mjpeg or .y4m/);
    await expect(writeClip(join(folder, 'b.mjpeg'), [])).rejects.toThrow(/no frames/);
    await expect(writeClip(join(folder, 'c.mjpeg'), [{ person: 'nobody', seconds: 1 }])).rejects.toThrow(
      /seo-jiwoo/,
    );
  });
});

describe('parseScene', () => {
  it('reads person, wear, seconds and motion', () => {
    expect(parseScene('oh-jaeho:mask:4:stand')).toEqual({
      person: 'oh-jaeho',
      wear: 'mask',
      seconds: 4,
      motion: 'stand',
    });
    expect(parseScene('empty:3')).toEqual({ person: null, seconds: 3 });
    expect(() => parseScene('oh-jaeho:crown')).toThrow(/crown/);
  });
});
