import { Argument, type Command } from 'commander';
import { INSTALLABLE, type Installable, installBackend } from '../backend/install.ts';

/** `backend`: fetches or builds one of the backends that are no dependency. */
export function registerBackend(program: Command): void {
  program
    .command('backend')
    .addArgument(new Argument('<name>').choices(INSTALLABLE))
    .description('fetch or build a backend that is no dependency of this workspace, into .cache/backends')
    .option(
      '--libtensorflow <path>',
      'tfjs-node(-gpu): a wheel of `tensorflow`, or the folder of one (default: from PyPI with pip)',
    )
    .action((name: Installable, { libtensorflow }: { libtensorflow?: string }) => {
      installBackend(name, libtensorflow);
      console.log(`${name} is here; \`bench --backend ${name}\` tries it.`);
    });
}
