import type { PlanePoint } from '@rounz/core/face/transform.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import { WEAR, type Wear } from '../accessory/accessory.ts';
import { createLabelledRng } from '../labelled-rng.ts';
import { clamp, type Vec3 } from '../math.ts';
import { createPainter } from '../paint/painter.ts';
import { hasFineDetail } from '../paint/skin.ts';
import { createSurface } from '../paint/surface.ts';
import { EXPRESSIONS, type Expression } from '../person/expression.ts';
import type { Identity } from '../person/identity.ts';
import { backgroundAt } from './background.ts';
import { type Background, LIGHTS, type Light, PLAIN } from './light.ts';
import { occlusionOf } from './occlusion.ts';
import { FACING, type PoseDegrees, type PosedMesh, poseMesh, turnPoint } from './pose.ts';
import { createVisibility, FAR, rasterise, type VisibilityBuffer } from './raster.ts';
import { buildScene, type Scene } from './scene.ts';
import { type Point, shade } from './shade.ts';
import { castShadow } from './shadow.ts';

/** What of a person and how is drawn. */
export interface RenderOptions {
  /** pixels */
  readonly width: number;
  readonly height: number;
  readonly expression: Expression;
  readonly wear: Wear;
  readonly light: Light;
  readonly pose: PoseDegrees;
  readonly background: Background;
  /** units of 100 mm that the picture's height spans at the eyes' depth */
  readonly span: number;
  /** point of head space in the picture's middle */
  readonly centreX: number;
  readonly centreY: number;
  /** standard deviation of the sensor's noise, 0..255 */
  readonly grain: number;
  readonly grainSeed: number;
}

/** A portrait: head and shoulders, facing the camera. */
export const PORTRAIT: RenderOptions = {
  width: 320,
  height: 320,
  expression: EXPRESSIONS.neutral,
  wear: WEAR.bare,
  light: LIGHTS.shop,
  pose: FACING,
  background: PLAIN,
  span: 4.1,
  centreX: 0,
  centreY: -0.36,
  grain: 0,
  grainSeed: 1,
};

/** Samples a pixel has in each direction. */
const SAMPLES = 2;
/** Distance of the camera from the head's middle, units: a person before a kiosk. */
const CAMERA = 8;
/** Softness of the shoulder of the tone curve, and the factor that keeps white white. */
const TONE = { shoulder: 0.3, gain: 1.2 } as const;

/** Place of a rendered person's eyes in the picture for a pose of zero: the middle between them and their distance. */
export function eyesOf(identity: Identity, options: RenderOptions) {
  const scale = (options.height / options.span) * (CAMERA / (CAMERA - 0.8));
  return {
    x: options.width / 2 - options.centreX * scale,
    y: options.height / 2 + options.centreY * scale,
    distance: 2 * identity.shape.eyeX * scale,
  };
}

/**
 * Draws a person. The same identity and options give the same bytes.
 * @returns RGBA of `width` x `height`; alpha is 255 everywhere unless the background is transparent
 */
export function renderPerson(identity: Identity, changes: Partial<RenderOptions> = {}): RgbaImage {
  const options = { ...PORTRAIT, ...changes };
  return createView(buildScene(identity, options.expression, options.wear), options).draw(options);
}

/** A person before a camera, to be drawn in several lights. */
export interface View {
  /** The same light and grain give the same bytes. Lights that differ in exposure alone, drawn one after another, cost one. */
  draw(lit: Pick<RenderOptions, 'light' | 'grain' | 'grainSeed'>): RgbaImage;
}

/** Sets a scene before a camera; expression, wear and light of `options` are not read. */
export function createView(scene: Scene, options: RenderOptions): View {
  const { meshes } = scene;
  const posed = meshes.map((mesh) => poseMesh(mesh, options.pose));
  const width = options.width * SAMPLES;
  const height = options.height * SAMPLES;
  const scale = height / options.span;
  const solid = createVisibility(width, height);
  const glass = createVisibility(width, height);
  const screens = posed.map(({ position }) => project(position, options, width, height, scale));
  meshes.forEach((mesh, m) => {
    if (!mesh.glass) rasterise(solid, mesh, m, screens[m]!);
  });
  meshes.forEach((mesh, m) => {
    if (mesh.glass) rasterise(glass, mesh, m, screens[m]!, solid.depth);
  });
  const occlusion = occlusionOf(solid, scale);
  const paint = createPainter(scene, 1 / scale);
  const seen = { posed, solid, glass, occlusion, paint };
  let last: { key: string; shaded: Shaded } | undefined;
  return {
    draw({ light, grain, grainSeed }) {
      const key = JSON.stringify({ ...light, exposure: 1 });
      if (last?.key !== key) last = { key, shaded: shadeView(scene, options, seen, light) };
      return develop(last.shaded, options, light.exposure, grain, grainSeed);
    },
  };
}

/** What is seen of a scene, before light falls on it. */
interface Seen {
  readonly posed: readonly PosedMesh[];
  readonly solid: VisibilityBuffer;
  readonly glass: VisibilityBuffer;
  readonly occlusion: Float32Array;
  readonly paint: ReturnType<typeof createPainter>;
}

/** Light that reaches the camera, before the film. */
interface Shaded {
  /** linear RGB of each pixel's samples */
  readonly rgb: Float64Array;
  /** how many samples of each pixel count, and how much of them is not transparent in sum */
  readonly count: Uint8Array;
  readonly cover: Float64Array;
}

function shadeView(
  { meshes, identity }: Scene,
  options: RenderOptions,
  { posed, solid, glass, occlusion, paint }: Seen,
  light: Light,
): Shaded {
  const width = options.width * SAMPLES;
  const shadow = castShadow(meshes, posed, light);
  const surface = createSurface();
  const point: Point = { x: 0, y: 0, z: 0, nx: 0, ny: 0, nz: 1, tx: 0, ty: 1, tz: 0, occlusion: 1 };
  const colour = new Float32Array(3);
  const rest = new Float64Array(3);

  /** Shades one sample of a buffer into `colour`; returns how much it hides. */
  const sample = (buffer: VisibilityBuffer, o: number): number => {
    const m = buffer.mesh[o]!;
    const mesh = meshes[m]!;
    const place = posed[m]!;
    const t = buffer.triangle[o]!;
    const i = mesh.index[t]! * 3;
    const j = mesh.index[t + 1]! * 3;
    const k = mesh.index[t + 2]! * 3;
    const u = buffer.weight0[o]!;
    const v = buffer.weight1[o]!;
    interpolate(mesh.position, i, j, k, u, v, rest);
    const x = rest[0]!;
    const y = rest[1]!;
    const z = rest[2]!;
    interpolate(mesh.attribute, i, j, k, u, v, rest);
    paint(surface, mesh, x, y, z, rest[0]!, rest[1]!, rest[2]!);
    interpolate(place.position, i, j, k, u, v, rest);
    point.x = rest[0]!;
    point.y = rest[1]!;
    point.z = rest[2]!;
    interpolate(place.normal, i, j, k, u, v, rest);
    const l = Math.hypot(rest[0]!, rest[1]!, rest[2]!) || 1;
    // thin sheets are seen from both sides
    const turn = rest[2]! < 0 && mesh.material !== 'skin' && mesh.material !== 'body' ? -1 / l : 1 / l;
    point.nx = rest[0]! * turn;
    point.ny = rest[1]! * turn;
    point.nz = rest[2]! * turn;
    if (place.tangent) {
      interpolate(place.tangent, i, j, k, u, v, rest);
      point.tx = rest[0]!;
      point.ty = rest[1]!;
      point.tz = rest[2]!;
    }
    point.occlusion = occlusion[o]!;
    shade(surface, point, light, shadow, colour);
    return surface.opacity;
  };

  /** One sample is enough where a pixel shows one material without fine features. */
  const uniform = (o: number): boolean => {
    const m = solid.mesh[o]!;
    if (solid.mesh[o + 1] !== m || solid.mesh[o + width] !== m || solid.mesh[o + width + 1] !== m)
      return false;
    if (glass.mesh[o] !== -1 || glass.mesh[o + width + 1] !== -1) return false;
    if (m < 0) return true;
    const mesh = meshes[m]!;
    if (mesh.material === 'hair' || mesh.material === 'frame') return false;
    if (mesh.material !== 'skin') return true;
    const i = mesh.index[solid.triangle[o]!]! * 3;
    return !hasFineDetail(identity, mesh.position[i]!, mesh.position[i + 1]!, mesh.position[i + 2]!);
  };

  const pixels = options.width * options.height;
  const rgb = new Float64Array(pixels * SAMPLES * SAMPLES * 3);
  const counts = new Uint8Array(pixels);
  const cover = new Float64Array(pixels);
  for (let y = 0; y < options.height; y++) {
    for (let x = 0; x < options.width; x++) {
      const pixel = y * options.width + x;
      const first = y * SAMPLES * width + x * SAMPLES;
      const behind = backgroundAt(options.background, (x + 0.5) / options.width, (y + 0.5) / options.height);
      const count = uniform(first) ? 1 : SAMPLES * SAMPLES;
      for (let q = 0; q < count; q++) {
        const o = first + (q & 1) + (q >> 1) * width;
        let sr = behind?.[0] ?? 0;
        let sg = behind?.[1] ?? 0;
        let sb = behind?.[2] ?? 0;
        let here = behind ? 1 : 0;
        if (solid.depth[o]! > FAR) {
          sample(solid, o);
          sr = colour[0]!;
          sg = colour[1]!;
          sb = colour[2]!;
          here = 1;
        }
        if (glass.mesh[o]! >= 0) {
          const hides = sample(glass, o);
          sr = sr * (1 - hides) + colour[0]! * hides;
          sg = sg * (1 - hides) + colour[1]! * hides;
          sb = sb * (1 - hides) + colour[2]! * hides;
          here = Math.max(here, hides);
        }
        const at = (pixel * SAMPLES * SAMPLES + q) * 3;
        rgb[at] = sr;
        rgb[at + 1] = sg;
        rgb[at + 2] = sb;
        cover[pixel]! += here;
      }
      counts[pixel] = count;
    }
  }
  return { rgb, count: counts, cover };
}

/** The picture of some light, as the camera's film and sensor make it. */
function develop(
  { rgb, count, cover }: Shaded,
  { width, height }: RenderOptions,
  exposure: number,
  grain: number,
  grainSeed: number,
): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4);
  const rng = createLabelledRng(grainSeed);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const samples = count[pixel]!;
    const divide = cover[pixel]! || 1;
    const noise = grain > 0 ? rng.normal(0, grain, 3) : 0;
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      for (let q = 0; q < samples; q++)
        sum += tone(rgb[(pixel * SAMPLES * SAMPLES + q) * 3 + channel]!, exposure);
      data[pixel * 4 + channel] = encode(sum / divide) + noise;
    }
    data[pixel * 4 + 3] = (255 * cover[pixel]!) / samples;
  }
  return { data, width, height };
}

/** Mean of three vertices' triples by barycentric weights. */
function interpolate(
  from: Float32Array,
  i: number,
  j: number,
  k: number,
  u: number,
  v: number,
  to: Float64Array,
): void {
  const w = 1 - u - v;
  to[0] = u * from[i]! + v * from[j]! + w * from[k]!;
  to[1] = u * from[i + 1]! + v * from[j + 1]! + w * from[k + 1]!;
  to[2] = u * from[i + 2]! + v * from[j + 2]! + w * from[k + 2]!;
}

function tone(value: number, exposure: number): number {
  const v = Math.max(0, value) * exposure;
  return (v * TONE.gain) / (1 + TONE.shoulder * v);
}

const encode = (linear: number): number => 255 * clamp(linear) ** (1 / 2.2);

/** Where a point of the head is in the picture, pixels. */
export function placePoint([x, y, z]: Vec3, options: RenderOptions): PlanePoint {
  const at = turnPoint(Float32Array.of(x, y, z), options.pose);
  const screen = project(at, options, options.width, options.height, options.height / options.span);
  return { x: screen[0]!, y: screen[1]! };
}

/** Perspective: samples of the picture and depth. */
function project(
  p: Float32Array,
  options: RenderOptions,
  width: number,
  height: number,
  scale: number,
): Float32Array {
  const screen = new Float32Array(p.length);
  for (let i = 0; i < p.length; i += 3) {
    const w = CAMERA / (CAMERA - p[i + 2]!);
    screen[i] = width / 2 + (p[i]! - options.centreX) * w * scale;
    screen[i + 1] = height / 2 - (p[i + 1]! - options.centreY) * w * scale;
    screen[i + 2] = p[i + 2]!;
  }
  return screen;
}
