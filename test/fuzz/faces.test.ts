import { alignFace, alignmentOf } from '@rounz/core/face/align.ts';
import { type DetectedFace, MESH_POINTS } from '@rounz/core/face/face.ts';
import { QUALITY, qualityIssues } from '@rounz/core/face/issues.ts';
import { poseOfMesh } from '@rounz/core/face/pose.ts';
import { measureFace } from '@rounz/core/face/quality.ts';
import { lookOf, upsideDown } from '@rounz/core/picture-look.ts';
import { fraction, imageBox, type imagePoint } from '@rounz/core/units.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyCapture, offer } from '../../src/state/enrolment/capture.ts';
import { enrolmentConfig } from '../../src/state/enrolment/config.ts';
import { sessionConfig } from '../../src/state/session/model/config.ts';
import { createOneFace } from '../../src/state/session/one-face.ts';
import { sightConfig } from '../../src/state/sight/config.ts';
import { initialSight, see } from '../../src/state/sight/sight.ts';
import type { FaceReport } from '../../src/vision/protocol.ts';
import { face, report } from '../kiosk/fakes.ts';
import { open } from '../kiosk/play.ts';
import { parsed, runs, wildNumber } from './cases.ts';

/** Landmarks and pictures as no camera should give them. */

const point = fc.tuple(wildNumber, wildNumber).map(([x, y]) => ({ x, y }) as ReturnType<typeof imagePoint>);
const points = fc.tuple(point, point, point, point, point);
const picture = fc
  .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 }), fc.nat(255))
  .map(([width, height, value]) => ({
    data: new Uint8ClampedArray(4 * width * height).map((_, i) => (value * i) % 256),
    width,
    height,
  }));
const mesh = fc
  .tuple(fc.array(wildNumber, { minLength: 1, maxLength: 30 }), fc.boolean())
  .map(([values, flat]) =>
    Float32Array.from({ length: 3 * MESH_POINTS }, (_, i) =>
      flat ? values[0]! : values[i % values.length]!,
    ),
  );

describe('landmarks', () => {
  it('alignment: any five points give a crop or a refusal', () => {
    fc.assert(
      fc.property(points, picture, (five, image) => {
        parsed(() => alignmentOf(five));
        const crop = parsed(() => alignFace(image, five));
        if (crop) expect(crop.data).toHaveLength(3 * crop.size * crop.size);
      }),
      runs(0.5),
    );
  });

  it('measures: any mesh has a pose and a quality, and is judged', () => {
    fc.assert(
      fc.property(points, mesh, wildNumber, (five, wild, score) => {
        parsed(() => poseOfMesh(wild));
        const crop = { data: new Uint8ClampedArray(3 * 112 * 112).fill(90), size: 112 };
        const one: DetectedFace = {
          box: imageBox(0, 0, 1, 1),
          boxScore: fraction(0.5),
          meshScore: score as DetectedFace['meshScore'],
          mesh: wild,
          points: five,
        };
        const quality = parsed(() => measureFace(one, crop, wild.subarray(0, 2 * MESH_POINTS)));
        if (!quality) return;
        for (const strict of [true, false])
          expect(
            Array.isArray(qualityIssues(one, quality, QUALITY, { strict, frame: { width: 0, height: 0 } })),
          ).toBe(true);
      }),
      runs(0.5),
    );
  });
});

describe('pictures', () => {
  it('look: any size has finite measures, and upside down twice is the picture', () => {
    fc.assert(
      fc.property(picture, (image) => {
        const look = lookOf(image);
        expect(Object.values(look).flat().every(Number.isFinite)).toBe(true);
        expect(upsideDown(upsideDown(image)).data).toEqual(image.data);
      }),
      runs(0.3),
    );
  });
});

/** A report with numbers that no detector should give. */
const wildReport = fc
  .array(fc.tuple(wildNumber, wildNumber, wildNumber, fc.boolean(), fc.nat(7)), { maxLength: 4 })
  .map((faces) => ({
    ...report([]),
    faces: faces.map(([x, width, distance, embed, who]): FaceReport => {
      const sane = face({ who }, embed);
      return {
        ...sane,
        box: { ...sane.box, x, width } as FaceReport['box'],
        quality: { ...sane.quality, interEyeDistance: distance, luma: x, sharpness: width },
      };
    }),
  }));

describe('reports', () => {
  it('session: any frames leave it in a phase that it knows, and nobody is greeted without an embedding', () => {
    fc.assert(
      fc.property(fc.array(wildReport, { maxLength: 30 }), (reports) => {
        const play = open();
        let embedded = false;
        for (const one of reports) {
          play.at += 100;
          embedded ||= one.faces.some(({ embedding }) => embedding !== undefined);
          play.send({ type: 'report', report: one, at: play.at }).send({ type: 'tick', at: play.at });
          if (play.kind === 'greeted') expect(embedded).toBe(true);
        }
        expect(play.see([], 60_000).kind).toBe('attract');
      }),
      runs(0.5),
    );
  });

  it('capture: takes no frame without an embedding, and no more than are wanted', () => {
    fc.assert(
      fc.property(fc.array(wildReport, { maxLength: 20 }), (reports) => {
        let capture = emptyCapture;
        const oneFace = createOneFace(sessionConfig);
        for (const [i, one] of reports.entries()) {
          capture = offer(capture, oneFace.see(one, i * 500), i * 500, enrolmentConfig);
          expect(capture.samples.every(({ embedding }) => embedding.length > 0)).toBe(true);
        }
      }),
      runs(),
    );
  });

  it('sight: any looks give a problem that it knows or none', () => {
    const look = fc.record({
      luma: wildNumber,
      contrast: wildNumber,
      focus: wildNumber,
      print: fc.nat(3),
      scene: fc.array(wildNumber, { maxLength: 48 }),
    });
    const turned = fc.constantFrom(undefined, 0, 90, 180, 270);
    fc.assert(
      fc.property(fc.array(fc.tuple(look, turned), { maxLength: 80 }), (looks) => {
        let model = initialSight;
        for (const [i, [one, turn]] of looks.entries())
          model = see(
            model,
            { look: one, ...(turn === undefined ? {} : { turned: turn as 0 }) },
            i * 1_000,
            sightConfig,
          );
        expect(model.votes.length).toBeLessThanOrEqual(sightConfig.votes);
      }),
      runs(),
    );
  });
});
