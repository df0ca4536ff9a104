import { describe, expect, it } from 'vitest';
import { galleryRank, yawOf } from './measure-job.ts';

describe('galleryRank', () => {
  it('enrols a K-FACE person’s bare picture nearest to frontal, and elsewhere the first picture', () => {
    const bare = ['C7', 'C6', 'C4'].map((camera) => `19062421/S001/L1/E01/${camera}.jpg`);
    const ranks = bare.map(galleryRank);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks).size).toBe(3);
    expect(galleryRank('19062421/S002/L1/E01/C7.jpg')).toBeGreaterThan(Math.max(...ranks));
    expect(galleryRank('anybody/1.jpg')).toBe(0);
  });
});

describe('yawOf', () => {
  it('takes the camera’s angle where the set has one, and what was seen elsewhere', () => {
    expect(yawOf('19062421/S001/L1/E01/C7.jpg', 1)).toBe(0);
    expect(Math.abs(yawOf('19062421/S001/L1/E01/C4.jpg', null)!)).toBeGreaterThan(0.2);
    expect(yawOf('anybody/1.jpg', 0.3)).toBe(0.3);
    expect(yawOf('anybody/1.jpg', null)).toBeNull();
  });
});
