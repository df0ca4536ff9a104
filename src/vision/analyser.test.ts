import type { DetectOptions } from '@rounz/core/face/detector.ts';
import { type DetectedFace, MESH_POINTS } from '@rounz/core/face/face.ts';
import { RIGID_POINTS } from '@rounz/core/face/pose.ts';
import type { AlignedCrop } from '@rounz/core/image.ts';
import type { PassiveViews } from '@rounz/core/liveness/passive/views.ts';
import { mulberry32 } from '@rounz/core/math/random.ts';
import type { Accessory } from '@rounz/core/model/accessories.ts';
import { fraction, imageBox, imagePoint } from '@rounz/core/units.ts';
import { describe, expect, it } from 'vitest';
import { type AnalyserParts, createAnalyser } from './analyser.ts';
import { VISION } from './config.ts';

/** Noise of mid brightness: neither dark nor blurred. */
function picture(width = 320, height = 240) {
  const random = mulberry32(1);
  const data = new Uint8ClampedArray(width * height * 4).map(() => 90 + Math.floor(random() * 128));
  return { data, width, height };
}

/** A face of five points and a mesh whose parts lie where those of a frontal face do, `eyes` pixels between them. */
function face(x: number, eyes: number, meshScore = 1): DetectedFace {
  const at = (dx: number, dy: number) => imagePoint(x + dx * eyes, 100 + dy * eyes);
  const points = [at(-0.5, 0), at(0.5, 0), at(0, 0.6), at(-0.4, 1.1), at(0.4, 1.1)] as const;
  const mesh = Float32Array.from({ length: MESH_POINTS * 3 }, (_, i) => {
    const angle = (i - (i % 3)) / 7;
    return i % 3 === 0
      ? x + eyes * Math.cos(angle)
      : i % 3 === 1
        ? 100 + eyes * (0.5 + 1.2 * Math.sin(angle))
        : 0;
  });
  // The rigid points of a head that faces the camera; 6.4 units of the model lie between its eyes' centres.
  for (const { index, at: place } of RIGID_POINTS)
    mesh.set([x + (place[0]! * eyes) / 6.4, 115 + (place[1]! * eyes) / 6.4, 0], index * 3);
  return {
    box: imageBox(x - eyes, 60, eyes * 2, eyes * 2),
    boxScore: fraction(1),
    meshScore: fraction(meshScore),
    mesh,
    points,
  };
}

function setUp(
  scenes: readonly (readonly DetectedFace[])[],
  worn: readonly Accessory[] | null = null,
  passive?: AnalyserParts['passive'],
) {
  let time = 0;
  const asked: DetectOptions[] = [];
  const crops: AlignedCrop[] = [];
  const embedding = Float32Array.of(1, 0);
  const analyser = createAnalyser({
    detector: {
      detect: async (_, options = {}) => {
        asked.push(options);
        return [...(scenes[Math.min(asked.length, scenes.length) - 1] ?? [])];
      },
      dispose() {},
    },
    embedder: {
      see: async (batch) => {
        crops.push(...batch);
        return batch.map(() => ({ embedding, worn }));
      },
    },
    ...(passive ? { passive } : {}),
    config: VISION,
    now: () => time,
  });
  return { analyser, asked, crops, embedding, wait: (ms: number) => (time += ms) };
}

describe('the analyser', () => {
  it('embeds the nearest face and no other', async () => {
    const { analyser, crops, embedding } = setUp([[face(160, 60), face(60, 30)]]);
    const report = await analyser.analyse(picture(), { embed: true });
    expect(report).toMatchObject({ width: 320, height: 240 });
    expect(report.faces.map((one) => one.embedding)).toEqual([embedding, undefined]);
    expect(report.faces[0]!.quality.interEyeDistance).toBeCloseTo(60, 5);
    expect(crops.map(({ size }) => size)).toEqual([112]);
  });

  it('says what the face wears, and lets nobody be enrolled in it', async () => {
    const covered = setUp([[face(160, 60)]], ['eyewear', 'hat']);
    const [report] = (await covered.analyser.analyse(picture(), { embed: true })).faces;
    expect(report!.worn).toEqual(['eyewear', 'hat']);
    expect(report!.enrolmentIssues.filter((issue) => issue === 'covered')).toEqual(['covered']);
    expect(report!.issues).toEqual([]);
    const bare = setUp([[face(160, 60)]], []);
    const [other] = (await bare.analyser.analyse(picture(), { embed: true })).faces;
    expect(other!.worn).toEqual([]);
    const unknown = setUp([[face(160, 60)]], null);
    expect((await unknown.analyser.analyse(picture(), { embed: true })).faces[0]!.worn).toBeUndefined();
  });

  it('asks the passive check about the face that is embedded, and about none while it is off', async () => {
    const looked: PassiveViews[] = [];
    const model = {
      threshold: 1.5,
      score: async (views: PassiveViews) => {
        looked.push(views);
        return 4;
      },
    };
    let on = true;
    const { analyser } = setUp([[face(160, 60), face(60, 30)]], null, () => (on ? model : null));
    const see = async (embed: boolean) => (await analyser.analyse(picture(), { embed })).faces;
    expect((await see(true)).map(({ passive }) => passive)).toEqual([2.5, undefined]);
    expect(looked.map(({ context, detail }) => [context.length, detail.length])).toEqual([
      [80 * 80 * 3, 64 * 64 * 3],
    ]);
    await see(false);
    on = false;
    expect((await see(true))[0]).not.toHaveProperty('passive');
    expect(looked).toHaveLength(1);
  });

  it('embeds only when asked, and nothing that is unfit', async () => {
    const asked = setUp([[face(160, 60)]]);
    await asked.analyser.analyse(picture(), { embed: false });
    expect(asked.crops).toEqual([]);
    const far = setUp([[face(160, 9)]]);
    const report = await far.analyser.analyse(picture(), { embed: true });
    expect(report.faces[0]!.issues).toContain('too-far');
    expect(far.crops).toEqual([]);
    const dark = setUp([[face(160, 60)]]);
    const black = { ...picture(), data: new Uint8ClampedArray(320 * 240 * 4) };
    expect((await dark.analyser.analyse(black, { embed: true })).faces[0]!.issues).toContain('too-dark');
    expect(dark.crops).toEqual([]);
  });

  it('embeds no face that would be refused afterwards', async () => {
    const near = setUp([[face(160, 30)]]);
    await near.analyser.analyse(picture(), { embed: true, gate: { minEyeDistance: 31 } });
    expect(near.crops).toEqual([]);
    await near.analyser.analyse(picture(), { embed: true, gate: { minEyeDistance: 30 } });
    expect(near.crops).toHaveLength(1);
    const small = setUp([[face(160, 30)]]);
    const [refused] = (await small.analyser.analyse(picture(), { embed: true, gate: { forEnrolment: true } }))
      .faces;
    expect(refused!.enrolmentIssues).toContain('too-far');
    expect(small.crops).toEqual([]);
  });

  it('lets the model judge a cover, also for enrolment', async () => {
    const { analyser, crops } = setUp([[face(160, 60, 0.7)]], []);
    const [seen] = (await analyser.analyse(picture(), { embed: true, gate: { forEnrolment: true } })).faces;
    expect(crops).toHaveLength(1);
    expect(seen!.worn).toEqual([]);
  });

  it('is stricter about enrolment than about recognition', async () => {
    const { analyser } = setUp([[face(160, 30), face(60, 28)]]);
    const [nearest] = (await analyser.analyse(picture(), { embed: true })).faces;
    expect(nearest!.issues).toEqual([]);
    expect(nearest!.enrolmentIssues).toEqual(expect.arrayContaining(['several-faces', 'too-far']));
  });

  it('follows faces, and looks at the whole picture again after a while or when nobody is left', async () => {
    const somebody = [face(160, 60)];
    const { analyser, asked, wait } = setUp([somebody, somebody, somebody, [], [], somebody]);
    const see = () => analyser.analyse(picture(), { embed: false });
    await see();
    wait(100);
    await see();
    expect(asked.map(({ look }) => look)).toEqual([true, false]);
    wait(VISION.lookAgainAfter);
    await see();
    expect(asked[2]).toEqual({ previous: somebody, look: true });
    wait(10);
    await see();
    expect(asked[3]).toEqual({ previous: somebody, look: false });
    await see();
    expect(asked[4]).toEqual({ previous: [], look: true });
  });

  it("reports the mesh's box, and the detector's where the mesh is not sure", async () => {
    const sure = face(160, 60);
    const unsure = face(160, 60, 0.2);
    const { analyser } = setUp([[sure], [unsure]]);
    const [first] = (await analyser.analyse(picture(), { embed: false })).faces;
    const xs = Array.from(sure.mesh.filter((_, i) => i % 3 === 0));
    expect(first!.box.x).toBeCloseTo(Math.min(...xs), 4);
    expect(first!.box.width).toBeCloseTo(Math.max(...xs) - Math.min(...xs), 4);
    const [second] = (await analyser.analyse(picture(), { embed: false })).faces;
    expect(second!.box).toEqual(unsure.box);
  });
});
