import { fuseTemplates } from '@rounz/core/match/fuse.ts';
import { dot } from '@rounz/core/math/vector.ts';
import { compare, rankComparisons } from '@rounz/core/metrics/comparisons.ts';
import { equalErrorRate, rocCurve, tarAtFmr } from '@rounz/core/metrics/roc.ts';
import { loadEmbedder } from '@rounz/core/model/embedder.ts';
import type { Mirror } from '@rounz/core/model/manifest.ts';
import { type ModelFolder, readModelFolder } from '../model/model-folder.ts';
import { trainConfigSchema } from '../recipes/schema.ts';
import { byCrops, byEmbedder } from '../samples/embed-samples.ts';
import { byPerson, type Sample } from '../samples/samples.ts';
import {
  compareWithinSets,
  openValidationSet,
  RATES,
  type ValidationSet,
} from '../samples/validation-people.ts';
import { compareThresholds, type GroupedScore, type Rates } from './group-thresholds.ts';
import { calibrationSets } from './thresholds.ts';

/** One way to use a model. */
interface Use {
  readonly name: string;
  readonly mirror: Mirror;
  /** pictures of each person that are enrolled, and whether their templates are summed into one */
  readonly pictures: number;
  readonly fused: boolean;
}

/** The last gallery picture that any use takes; the pictures behind it are probes throughout, so that the uses compare. */
const MOST_PICTURES = 2;

const USES: readonly Use[] = [
  { name: 'one gallery picture', mirror: false, pictures: 1, fused: false },
  { name: 'and mirrored as a template', mirror: 'templates', pictures: 1, fused: false },
  { name: 'and mirrored', mirror: true, pictures: 1, fused: false },
  { name: 'mirrored, two gallery pictures, fused', mirror: true, pictures: 2, fused: true },
  { name: 'mirrored, two gallery pictures, both kept', mirror: true, pictures: 2, fused: false },
];

/** Who is enrolled with which pictures, and what is searched for: people with more pictures than any use enrols. */
interface Roles {
  readonly people: readonly (readonly Sample[])[];
  readonly probes: readonly Sample[];
}

function rolesOf(samples: readonly Sample[]): Roles {
  const people = [...byPerson(samples).values()].filter((pictures) => pictures.length > MOST_PICTURES);
  return { people, probes: people.flatMap((pictures) => pictures.slice(MOST_PICTURES)) };
}

/**
 * Prints what a model makes of its recipe's validation people: TAR by way to use it, and whether thresholds by accessory are
 * better.
 *
 * @param folder exported model
 * @param cache aligned faces of its recipe
 */
export async function printModelFigures(folder: string, cache: string): Promise<void> {
  const opened = readModelFolder(folder);
  const { name, version, training } = opened.manifest;
  const config = trainConfigSchema.parse(training.recipe);
  const validation = openValidationSet(cache, config, calibrationSets(config.data.sets));
  const roles = rolesOf(validation.samples);
  console.log(`${name} ${version}: ${roles.probes.length} probes, ${roles.people.length} people`);
  console.log(`  TAR at FMR ${RATES.map((rate) => `${rate * 100} %`).join(', ')}; EER`);
  for (const use of USES) console.log(`  ${use.name}: ${await figuresOf(opened, validation, roles, use)}`);
  if (opened.accessoryHead) await sayThresholds(opened, validation, roles);
  await validation.close();
}

async function figuresOf(
  { manifest, weights }: ModelFolder,
  validation: ValidationSet,
  { people, probes }: Roles,
  { mirror, pictures, fused }: Use,
): Promise<string> {
  const embedder = loadEmbedder({ ...manifest, input: { ...manifest.input, mirror } }, weights);
  const enrolledPictures = people.flatMap((own) => own.slice(0, pictures));
  const embeddings = await validation.embed(byEmbedder(embedder, 'template'), enrolledPictures, 'none');
  const enrolled = people.map((own, i) => {
    const kept = embeddings.slice(i * pictures, (i + 1) * pictures);
    return { sample: own[0]!, templates: fused ? [fuseTemplates(kept)] : kept };
  });
  const parts: string[] = [];
  for (const preset of ['none', 'occluded'] as const) {
    const found = await validation.embed(byEmbedder(embedder, 'probe'), probes, preset);
    const { genuine, impostor } = compareWithinSets(enrolled, probes, found);
    const curve = rocCurve(rankComparisons(compare(genuine, impostor)));
    const rates = RATES.map((rate) => tarAtFmr(curve, rate).tar.toFixed(3)).join(' ');
    const title = preset === 'none' ? 'as they are' : 'in drawn outfits';
    parts.push(`${title} ${rates}; ${equalErrorRate(curve).toFixed(3)}`);
  }
  embedder.dispose();
  return parts.join(' | ');
}

/** Whether thresholds by what the head sees are better than one for all. */
async function sayThresholds(
  { manifest, weights, accessoryHead }: ModelFolder,
  validation: ValidationSet,
  { people, probes }: Roles,
): Promise<void> {
  const model = loadEmbedder(manifest, weights, accessoryHead);
  const gallery = people.map((own) => own[0]!);
  const enrolled = await validation.embed(
    byCrops((crops) => model.see(crops, 'template')),
    gallery,
    'none',
  );
  const halves = new Map(people.map((own, i) => [own[0]!.person, (i % 2) as 0 | 1]));
  const scores: GroupedScore[] = [];
  for (const preset of ['none', 'occluded'] as const) {
    const found = await validation.embed(
      byCrops((crops) => model.see(crops, 'probe')),
      probes,
      preset,
    );
    found.forEach(({ embedding, worn }, p) => {
      const { person, set } = probes[p]!;
      gallery.forEach((face, g) => {
        if (face.set !== set && face.person !== person) return;
        scores.push({
          score: dot(embedding, enrolled[g]!.embedding),
          genuine: face.person === person,
          group: worn!.join('+'),
          half: halves.get(person)!,
        });
      });
    });
  }
  model.dispose();
  const say = ({ tar, fmr }: Rates): string => `TAR ${tar.toFixed(3)} at FMR ${(fmr * 100).toFixed(2)} %`;
  for (const rate of RATES) {
    const { common, grouped } = compareThresholds(scores, rate);
    console.log(
      `  thresholds set for FMR ${rate * 100} % on the other half of the people: one for all ${say(common)}; by what is worn ${say(grouped)}`,
    );
  }
}
