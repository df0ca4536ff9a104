import { z } from 'zod';
import { type Placement, STAGE } from '../camera/demo/choreography.ts';
import { createPainter, type Painter } from '../camera/demo/painter.ts';
import { demoSchema } from '../camera/demo/schema.ts';

const sheet = z.object({ file: z.string().min(1), frames: z.array(z.string()).min(1) });

/** What is needed of `people.json` beyond what the camera needs; see `public/demo/README.md`. */
const pictureSchema = demoSchema.extend({
  people: z
    .array(
      z.object({
        id: z.string().min(1),
        name: z.object({ ko: z.string().min(1), latin: z.string().min(1) }),
        enrolled: z.boolean(),
        looks: z.object({ bare: sheet }).catchall(sheet),
      }),
    )
    .min(1),
});
type Demo = z.infer<typeof pictureSchema>;
export type DemoPerson = Demo['people'][number];

/** @param url absolute address of the folder of `people.json` */
export async function readDemo(url: string): Promise<Demo> {
  const response = await fetch(new URL('people.json', url));
  if (!response.ok)
    throw new Error(`The demonstration's people are missing (HTTP ${response.status}). Install them again.`);
  return pictureSchema.parse(await response.json());
}

/** The frames of a bare person, set as the demonstration's camera would show them; `paint` draws one of them. */
export async function openBare(
  person: DemoPerson,
  demo: Demo,
  url: string,
): Promise<{
  readonly frames: readonly string[];
  readonly painter: Painter;
  readonly paint: (frame: string) => void;
  readonly close: () => void;
}> {
  const { file, frames } = person.looks.bare;
  const response = await fetch(new URL(file, url));
  if (!response.ok)
    throw new Error(`The demonstration's picture ${file} is missing (HTTP ${response.status}).`);
  const picture = await createImageBitmap(await response.blob());
  const painter = createPainter(demo);
  return {
    frames,
    painter,
    paint: (frame) =>
      painter.paint({ person: person.id, look: 'bare', frame, ...standing(demo) }, { picture, frames }),
    close: () => picture.close(),
  };
}

/** A person before the kiosk, again and again. @param url absolute address of the folder of `people.json` */
export async function portraitFrames(url: string): Promise<() => Promise<ImageBitmap>> {
  const demo = await readDemo(url);
  const bare = await openBare(demo.people[0]!, demo, url);
  bare.paint(bare.frames[0]!);
  bare.close();
  return () => createImageBitmap(bare.painter.canvas);
}

/** Where the camera puts somebody who stands before the kiosk. */
function standing({ frameSize, eyes }: Demo): Pick<Placement, 'x' | 'y' | 'width' | 'height' | 'opacity'> {
  const scale = STAGE.eyeDistance / eyes.distance;
  return {
    x: STAGE.eyeX - eyes.x * scale,
    y: STAGE.eyeY - eyes.y * scale,
    width: frameSize.width * scale,
    height: frameSize.height * scale,
    opacity: 1,
  };
}
