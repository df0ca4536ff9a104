import { decodeImage } from '../data/decode.ts';
import { findSources } from '../data/layout.ts';
import { readSource } from '../data/sources.ts';
import { loadPeer } from '../evaluation/peers.ts';
import { startProgress } from '../util/progress.ts';
import type { TeacherFolder } from './embeddings.ts';

/**
 * face-api's embedding of every picture of some sets by its own pipeline, which finds the face itself: two pictures a
 * second or three.
 *
 * @param data folder of <set>-NN.tar archives or of folders of identities
 */
export async function teachPictures(
  data: string,
  sets: readonly string[] | undefined,
  written: TeacherFolder,
): Promise<void> {
  const sources = (await findSources(data)).filter(({ name }) => !sets || sets.includes(name));
  if (sources.length === 0) throw new Error(`${data} holds none of the sets ${sets?.join(', ') ?? ''}.`);
  const faceApi = await loadPeer('face-api');
  for (const source of sources) {
    let total = 0;
    for await (const _ of readSource(source)) total++;
    const progress = startProgress({ title: source.name, total, unit: 'pictures' });
    for await (const { path, bytes } of readSource(source)) {
      const picture = await decodeImage(bytes).catch(() => undefined);
      const [capture] = picture ? await faceApi.capture([picture]) : [null];
      await written.add(`${source.name}/${path}`, capture?.embedding);
      progress.add(1);
    }
    progress.stop();
  }
  faceApi.dispose();
}
