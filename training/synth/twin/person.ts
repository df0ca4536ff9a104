import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import {
  EXPRESSION_CODES,
  KFACE_ACCESSORIES,
  KFACE_RESOLUTIONS,
  type KfaceExpression,
  type KfaceResolution,
  type KfaceSession,
} from '../../data/kface-condition.ts';
import type { Part } from '../../data/splits.ts';
import { WEAR } from '../accessory/accessory.ts';
import { createLabelledRng } from '../labelled-rng.ts';
import { fromSrgb } from '../math.ts';
import { hash2 } from '../noise.ts';
import { toCanvas } from '../output/png.ts';
import { EXPRESSIONS, type Expression } from '../person/expression.ts';
import { createIdentity, type Identity } from '../person/identity.ts';
import { createView, PORTRAIT, type RenderOptions } from '../render/render.ts';
import { buildScene } from '../render/scene.ts';
import { annotate } from './annotate.ts';
import { camerasOf, type TwinConfig } from './config.ts';
import { poseOfCamera, studioLight } from './studio.ts';

/** How a twin's pictures are taken. */
const SHOT = {
  /** units of 100 mm over the picture's height: at Middle resolution the eyes are as far apart as in the crop */
  span: 4.2,
  centreY: -0.4,
  /** largest shift of a person in the picture, units */
  shift: 0.08,
  background: fromSrgb(150, 152, 155),
  /** JPEG, 0..100 */
  quality: 92,
  /** lights whose pictures of S001 have an annotation */
  annotated: [1, 5] as readonly number[],
} as const;

const PART_DIGITS: Readonly<Record<Part, number>> = { train: 1, validate: 2, test: 3 };

/** Eight digits: the part, the twin's seed, the person. */
export const twinPerson = (part: Part, seed: number, index: number): string =>
  `${PART_DIGITS[part]}${String(seed).padStart(2, '0')}${String(index).padStart(5, '0')}`;

/** One person to draw. */
export interface PersonJob {
  readonly person: string;
  /** folder of the resolutions */
  readonly root: string;
  readonly config: TwinConfig;
}

const folderOf = ({ root }: PersonJob, resolution: KfaceResolution, person: string) =>
  join(root, `${resolution}_Resolution`, person);

/** Whether a person is drawn already. */
export const isDrawn = (job: PersonJob): boolean =>
  job.config.resolutions.every((resolution) => existsSync(folderOf(job, resolution, job.person)));

/** The resolution that is drawn; the others are scaled from it. */
const largest = ({ resolutions }: TwinConfig): KfaceResolution =>
  resolutions.reduce((best, one) =>
    KFACE_RESOLUTIONS[one].width > KFACE_RESOLUTIONS[best].width ? one : best,
  );

/**
 * Draws a person in every condition. The folders get their names last, so that a person is there whole or not at all.
 *
 * @param onPictures called with how many conditions were done since the last call
 */
export async function drawPerson(job: PersonJob, onPictures: (count: number) => void): Promise<void> {
  const { person, config } = job;
  for (const resolution of config.resolutions)
    await rm(folderOf(job, resolution, `.${person}.new`), { recursive: true, force: true });
  const identity = createIdentity(Number(person));
  const rng = createLabelledRng(Number(person)).fork(2);
  const base: RenderOptions = {
    ...PORTRAIT,
    ...KFACE_RESOLUTIONS[largest(config)],
    span: SHOT.span,
    centreX: rng.between(-SHOT.shift, SHOT.shift),
    centreY: SHOT.centreY + rng.between(-SHOT.shift, SHOT.shift),
    background: { kind: 'plain', colour: SHOT.background },
  };
  for (const expression of config.expressions)
    for (const session of config.sessions) {
      const wear = { ...WEAR[KFACE_ACCESSORIES[session]], variant: variantOf(person, session) };
      const scene = buildScene(identity, expressionOf(expression, person), wear);
      for (const camera of camerasOf(config, session)) {
        const options = { ...base, pose: poseOfCamera(camera) };
        const view = createView(scene, options);
        for (const light of config.lights) {
          const place = `${session}/L${light}/${EXPRESSION_CODES[expression]}/C${camera}`;
          const grainSeed = Math.floor(hash2(Number(person), placeHash(place)) * 2 ** 31);
          const image = view.draw({ ...studioLight(light), grainSeed });
          await writeSizes(job, place, toCanvas(image));
          if (session === 'S001' && SHOT.annotated.includes(light))
            await writeAnnotation(job, place, identity, options);
        }
        onPictures(config.lights.length);
      }
    }
  for (const resolution of config.resolutions) {
    await rm(folderOf(job, resolution, person), { recursive: true, force: true });
    await rename(folderOf(job, resolution, `.${person}.new`), folderOf(job, resolution, person));
  }
}

/** Which model of a kind somebody wears. */
const variantOf = (person: string, session: KfaceSession): number =>
  Math.floor(hash2(Number(person), Number(session.slice(1))) * 5);

/** Half of the people show their teeth when they smile. */
function expressionOf(name: KfaceExpression, person: string): Expression {
  if (name === 'smile' && hash2(Number(person), 77) < 0.5) return EXPRESSIONS.grin;
  return EXPRESSIONS[name];
}

const placeHash = (place: string): number =>
  [...place].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);

async function writeSizes(job: PersonJob, place: string, drawn: Canvas): Promise<void> {
  for (const resolution of job.config.resolutions) {
    const { width, height } = KFACE_RESOLUTIONS[resolution];
    const canvas = createCanvas(width, height);
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(drawn, 0, 0, width, height);
    await write(job, resolution, `${place}.jpg`, canvas.toBuffer('image/jpeg', SHOT.quality));
  }
}

async function writeAnnotation(
  job: PersonJob,
  place: string,
  identity: Identity,
  options: RenderOptions,
): Promise<void> {
  const separators = createLabelledRng(placeHash(place) ^ Number(job.person));
  for (const resolution of job.config.resolutions) {
    const size = { ...options, ...KFACE_RESOLUTIONS[resolution] };
    await write(job, resolution, `${place}.txt`, annotate(identity, size, separators));
  }
}

async function write(
  job: PersonJob,
  resolution: KfaceResolution,
  place: string,
  content: Buffer | string,
): Promise<void> {
  const file = join(folderOf(job, resolution, `.${job.person}.new`), place);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
