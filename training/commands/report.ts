import { type Command, Option } from 'commander';
import { writeReport } from '../watch/report.ts';
import { THUMBNAIL_MODES, type ThumbnailMode } from '../watch/thumbnails.ts';

interface ReportCommandOptions {
  run?: string;
  model?: string;
  evaluation?: string[];
  out: string;
  thumbnails?: ThumbnailMode;
}

/** `report`: one page about a run, a model and what was measured. */
export function registerReport(program: Command): void {
  program
    .command('report')
    .description(
      'one HTML page with the curves of a run, the thresholds of a model, ROC, DET, scores, tables',
    )
    .option('--run <dir>', 'folder of a run')
    .option('--model <dir>', 'exported model folder')
    .option('--evaluation <files...>', 'files of `evaluate --json`')
    .option('--out <file.html>', 'where the page goes', 'report.html')
    .addOption(
      new Option(
        '--thumbnails <mode>',
        'pictures of the worst mistakes; by default shown for rendered people and none for others',
      ).choices(THUMBNAIL_MODES),
    )
    .action(async ({ run, model, evaluation = [], out, thumbnails }: ReportCommandOptions) => {
      await writeReport({
        ...(run === undefined ? {} : { run }),
        ...(model === undefined ? {} : { model }),
        evaluations: evaluation,
        out,
        ...(thumbnails === undefined ? {} : { thumbnails }),
      });
      process.stdout.write(`Wrote ${out}.\n`);
    });
}
