import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WEAR, type WearName } from '../accessory/accessory.ts';
import { fromSrgb } from '../math.ts';
import { EXPRESSIONS, type ExpressionName } from '../person/expression.ts';
import { identityOf, PEOPLE } from '../person/people.ts';
import { eyesOf, PORTRAIT, renderPerson } from '../render/render.ts';
import { toCanvas } from './png.ts';

/** Looks of a fixture: what is worn and how the face is held. */
export const FIXTURE_LOOKS = {
  bare: { wear: 'bare', expression: 'neutral' },
  glasses: { wear: 'glasses', expression: 'neutral' },
  'horn-rimmed': { wear: 'horn-rimmed', expression: 'neutral' },
  sunglasses: { wear: 'sunglasses', expression: 'neutral' },
  cap: { wear: 'cap', expression: 'neutral' },
  mask: { wear: 'mask', expression: 'neutral' },
  smile: { wear: 'bare', expression: 'smile' },
} as const satisfies Record<string, { wear: WearName; expression: ExpressionName }>;

/** pixels */
const FIXTURE_SIZE = 320;
const WALL = fromSrgb(204, 208, 210);

/** Writes `people/<id>/<look>.png` and `people.json` into a folder. */
export async function writeFixtures(
  folder: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const options = {
    width: FIXTURE_SIZE,
    height: FIXTURE_SIZE,
    background: { kind: 'plain', colour: WALL },
  } as const;
  const looks = Object.entries(FIXTURE_LOOKS);
  let done = 0;
  for (const person of PEOPLE) {
    await mkdir(join(folder, 'people', person.id), { recursive: true });
    for (const [look, { wear, expression }] of looks) {
      const image = renderPerson(identityOf(person), {
        ...options,
        wear: { ...WEAR[wear], variant: person.variant },
        expression: EXPRESSIONS[expression],
      });
      await writeFile(
        join(folder, 'people', person.id, `${look}.png`),
        toCanvas(image).toBuffer('image/png'),
      );
      progress(++done, PEOPLE.length * looks.length);
    }
  }
  const people = PEOPLE.map((person) => {
    const { x, y, distance } = eyesOf(identityOf(person), { ...PORTRAIT, ...options });
    const round = (value: number): number => Math.round(value * 10) / 10;
    return {
      id: person.id,
      name: person.name,
      presentation: identityOf(person).presentation,
      age: identityOf(person).age,
      eyes: { x: round(x), y: round(y), distance: round(distance) },
      looks: Object.fromEntries(
        looks.map(([look, { wear, expression }]) => [
          look,
          { file: `people/${person.id}/${look}.png`, wear, expression },
        ]),
      ),
    };
  });
  const about = 'Rendered people, nobody real; written by the training workspace: synth fixtures.';
  await writeFile(
    join(folder, 'people.json'),
    `${JSON.stringify({ about, width: FIXTURE_SIZE, height: FIXTURE_SIZE, people }, null, 2)}\n`,
  );
}
