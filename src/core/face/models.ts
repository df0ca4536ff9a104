import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import { z } from 'zod';

/** Names of the two graph models of `@vladmandic/human` (MIT; weights Apache-2.0 from MediaPipe) that we decode. */
export const DETECTOR_MODELS = ['blazeface', 'facemesh'] as const;
export type DetectorModelName = (typeof DETECTOR_MODELS)[number];

/** Reads one file of the detector's folder, e.g. `blazeface.json`: by fetch in a worker, from disk in Node. */
export type ReadDetectorFile = (file: string) => Promise<ArrayBuffer>;

export interface DetectorModels {
  readonly blazeface: GraphModel;
  readonly facemesh: GraphModel;
}

const modelJson = z.object({
  format: z.literal('graph-model'),
  modelTopology: z.looseObject({ node: z.array(z.unknown()) }),
  weightsManifest: z.array(
    z.object({ paths: z.array(z.string()), weights: z.array(z.looseObject({ name: z.string() })) }),
  ),
  signature: z.looseObject({}).optional(),
  userDefinedMetadata: z.looseObject({}).optional(),
});

/** Loads both models onto tfjs' current backend. The caller disposes them. */
export async function loadDetectorModels(read: ReadDetectorFile): Promise<DetectorModels> {
  const [blazeface, facemesh] = await Promise.all(DETECTOR_MODELS.map((name) => loadOne(read, name)));
  return { blazeface: blazeface!, facemesh: facemesh! };
}

async function loadOne(read: ReadDetectorFile, name: DetectorModelName): Promise<GraphModel> {
  const text = new TextDecoder().decode(await read(`${name}.json`));
  const json = modelJson.parse(JSON.parse(text));
  const files = json.weightsManifest.flatMap((group) => group.paths);
  const weightData = joinBuffers(await Promise.all(files.map(read)));
  const artifacts: io.ModelArtifacts = {
    format: json.format,
    modelTopology: withOpenSides(json.modelTopology),
    weightSpecs: json.weightsManifest.flatMap(
      (group) => group.weights,
    ) as unknown as io.WeightsManifestEntry[],
    weightData,
    ...(json.signature && { signature: json.signature }),
    ...(json.userDefinedMetadata && {
      userDefinedMetadata: json.userDefinedMetadata as Record<string, never>,
    }),
  };
  return loadGraphModel({ load: async () => artifacts });
}

const placeholder = z.looseObject({
  op: z.literal('Placeholder'),
  attr: z.looseObject({ shape: z.object({ shape: z.object({ dim: z.array(z.unknown()).length(4) }) }) }),
});

/** The topology with an input of any height and width: tfjs refuses other sides than the file names, the layers do not. */
function withOpenSides<T extends { readonly node: readonly unknown[] }>(topology: T): T {
  const dim = ['1', '-1', '-1', '3'].map((size) => ({ size }));
  const node = topology.node.map((one) => {
    const { success, data } = placeholder.safeParse(one);
    return success ? { ...data, attr: { ...data.attr, shape: { shape: { dim } } } } : one;
  });
  return { ...topology, node };
}

function joinBuffers(buffers: readonly ArrayBuffer[]): ArrayBuffer {
  if (buffers.length === 1) return buffers[0]!;
  const joined = new Uint8Array(buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0));
  let offset = 0;
  for (const buffer of buffers) {
    joined.set(new Uint8Array(buffer), offset);
    offset += buffer.byteLength;
  }
  return joined.buffer;
}
