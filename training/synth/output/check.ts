import { WEAR, type WearName } from '../accessory/accessory.ts';
import { fromSrgb } from '../math.ts';
import { EXPRESSIONS } from '../person/expression.ts';
import { identityOf, PEOPLE } from '../person/people.ts';
import { renderPerson } from '../render/render.ts';
import { distance, loadJudge } from './recogniser.ts';

/** One covered picture against everybody's bare one. */
export interface CheckRow {
  readonly person: string;
  readonly look: string;
  /** distance to the own bare picture; null where no face was found */
  readonly own: number | null;
  /** distance to the nearest other person's */
  readonly other: number | null;
}

const LOOKS: readonly { look: string; wear: WearName; smile?: boolean }[] = [
  { look: 'glasses', wear: 'glasses' },
  { look: 'horn-rimmed', wear: 'horn-rimmed' },
  { look: 'sunglasses', wear: 'sunglasses' },
  { look: 'cap', wear: 'cap' },
  { look: 'mask', wear: 'mask' },
  { look: 'smile', wear: 'bare', smile: true },
];

/**
 * Measures whether a recogniser that was never shown rendered faces tells the fixture people apart.
 * Throws where a bare face is not found.
 */
export async function checkPeople(): Promise<{ rows: CheckRow[]; bare: number[] }> {
  const judge = await loadJudge();
  const background = { kind: 'plain', colour: fromSrgb(204, 208, 210) } as const;
  const gallery: Float32Array[] = [];
  for (const person of PEOPLE) {
    const bare = await judge.embed(renderPerson(identityOf(person), { background }));
    if (!bare)
      throw new Error(`The detector finds no face in ${person.id}'s bare picture: choose another seed.`);
    gallery.push(bare);
  }
  const rows: CheckRow[] = [];
  for (const [i, person] of PEOPLE.entries()) {
    for (const { look, wear, smile } of LOOKS) {
      const probe = await judge.embed(
        renderPerson(identityOf(person), {
          background,
          wear: { ...WEAR[wear], variant: person.variant },
          expression: smile ? EXPRESSIONS.smile : EXPRESSIONS.neutral,
        }),
      );
      const distances = probe && gallery.map((template) => distance(probe, template));
      rows.push({
        person: person.id,
        look,
        own: distances ? distances[i]! : null,
        other: distances ? Math.min(...distances.filter((_, j) => j !== i)) : null,
      });
    }
  }
  judge.dispose();
  const bare = gallery.flatMap((a, i) => gallery.slice(0, i).map((b) => distance(a, b)));
  return { rows, bare: bare.sort((a, b) => a - b) };
}

/** The measurement as lines of text. */
export function describeCheck({ rows, bare }: Awaited<ReturnType<typeof checkPeople>>): string {
  const two = (value: number | null): string => (value === null ? ' -  ' : value.toFixed(2));
  const right = rows.filter((row) => row.own !== null && row.other !== null && row.own < row.other).length;
  const lines = rows.map(
    (row) =>
      `${row.person.padEnd(14)} ${row.look.padEnd(12)} own ${two(row.own)}  nearest other ${two(row.other)}`,
  );
  lines.push(
    `bare pairs: smallest ${two(bare[0]!)}, median ${two(bare[bare.length >> 1]!)}, largest ${two(bare.at(-1)!)}`,
    `rank-1 ${right} of ${rows.length}; face not found ${rows.filter((row) => row.own === null).length}`,
  );
  return lines.join('\n');
}
