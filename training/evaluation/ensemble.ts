import type { Embedder } from '@rounz/core/model/embedder.ts';

/** Models that look at the same crops. Its embedding is the members', one behind the other. */
export interface Ensemble extends Embedder {
  /**
   * The part of a joint embedding that is one member's, of unit length again.
   *
   * @param member position in the list that the ensemble was made of
   */
  part(embedding: Float32Array, member: number): Float32Array;
}

/**
 * Several models as one: the members' embeddings of unit length side by side, divided by the root of their number, so that
 * two joint embeddings' dot product is the mean of the members' scores, the rule of the 2020 challenge's winners.
 *
 * @param members owned from now on
 */
export function joinEmbedders(members: readonly Embedder[]): Ensemble {
  if (members.length === 0) throw new RangeError('An ensemble needs at least one model.');
  const gain = 1 / Math.sqrt(members.length);
  const starts: number[] = [];
  return {
    async embed(crops, role) {
      const parts: Float32Array[][] = [];
      for (const member of members) parts.push(await member.embed(crops, role));
      if (crops.length === 0) return [];
      let width = 0;
      for (const [index, part] of parts.entries()) {
        starts[index] = width;
        width += part[0]!.length;
      }
      starts[members.length] = width;
      return crops.map((_, row) => {
        const joint = new Float32Array(width);
        for (const [index, part] of parts.entries()) joint.set(part[row]!, starts[index]);
        return joint.map((value) => value * gain);
      });
    },
    part: (embedding, member) =>
      embedding.slice(starts[member], starts[member + 1]).map((value) => value / gain),
    dispose() {
      for (const member of members) member.dispose();
    },
  };
}
