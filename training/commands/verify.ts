import { type Command, Option } from 'commander';
import { BACKENDS } from '../backend/ladder.ts';
import { alignColumns } from '../evaluation/report.ts';
import { readModelFolder } from '../model/model-folder.ts';
import { agrees, type Verification, verifyOn } from '../model/verify.ts';

export function formatVerifications(list: readonly Verification[]): string {
  const rows = list.map((one) =>
    one.kind === 'replayed'
      ? [
          one.backend,
          agrees(one) ? 'agrees' : 'DIFFERS',
          one.worst.toExponential(1),
          one.lowestCosine.toFixed(6),
          one.description,
        ]
      : [one.backend, 'not here', '-', '-', one.reason.split('\n')[0]!.slice(0, 160)],
  );
  const head = ['backend', '', 'worst difference', 'lowest cosine', ''];
  return `${alignColumns([head, ...rows]).join('\n')}\n`;
}

/** `verify`: golden embeddings on every backend that is here. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('replay a model’s golden embeddings on every backend that is here')
    .requiredOption('--model <dir>', 'exported model folder')
    .addOption(new Option('--backend <names...>', 'only these').choices(BACKENDS).default(BACKENDS))
    .action(async ({ model, backend }: { model: string; backend: readonly string[] }) => {
      // Missing files and wrong hashes end here, before any backend is blamed for them.
      const { manifest } = readModelFolder(model);
      process.stdout.write(`${manifest.name} ${manifest.version}\n`);
      const found: Verification[] = [];
      for (const name of backend) found.push(await verifyOn(model, name));
      process.stdout.write(formatVerifications(found));
      if (!found.some((one) => one.kind === 'replayed'))
        throw new Error('No backend could be tried; see the reasons above.');
      if (!found.every(agrees))
        throw new Error(
          'A backend computes other embeddings than the model’s. Do not evaluate or enrol on it; try another version of it, or export the model again.',
        );
    });
}
