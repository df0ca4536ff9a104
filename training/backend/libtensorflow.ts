import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inScratch, onlyFile, runStep } from './fetch.ts';
import { BACKENDS_FOLDER } from './optional-package.ts';
import type { Processor } from './tfjs-node.ts';

/** What Google publishes for Python (Apache-2.0); its libraries do not need Python and carry the whole C interface. */
const WHEELS: Readonly<Record<Processor, string>> = {
  cpu: 'tensorflow-cpu==2.21.0',
  gpu: 'tensorflow==2.21.0',
};
/** Any that the wheels are made for; which Python is installed does not matter. */
const PYTHON_VERSION = '3.12';

/** Takes the libraries and headers out of a wheel; `zipfile` alone would unpack two gigabytes more. */
const UNPACK = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    wanted = [n for n in wheel.namelist()
              if n.startswith('tensorflow/libtensorflow') or (n.startswith('tensorflow/include/') and n.endswith(('.h', '.inc')))]
    wheel.extractall(sys.argv[2], wanted)
`;

/** Names of the two libraries in a wheel (Linux), or in a release of the C library. */
const LIBRARIES = [
  ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  ['libtensorflow.so.2', 'libtensorflow_framework.so.2'],
] as const;

export interface LibTensorflow {
  /** folder of the libraries */
  readonly lib: string;
  readonly include: string;
  /** file names in it to link with */
  readonly libraries: readonly string[];
}

/**
 * Looks at an unpacked libtensorflow: the `tensorflow` folder of an installed Python package, or a release of the C library.
 *
 * @throws Error that says what is missing
 */
export function readLibTensorflow(folder: string): LibTensorflow {
  const include = join(folder, 'include');
  if (!existsSync(join(include, 'tensorflow/c/c_api.h')))
    throw new Error(`${folder} has no include/tensorflow/c/c_api.h: it is no unpacked libtensorflow.`);
  for (const lib of [folder, join(folder, 'lib')]) {
    const libraries = LIBRARIES.find((names) => names.every((name) => existsSync(join(lib, name))));
    if (libraries) return { lib, include, libraries };
  }
  throw new Error(`${folder} holds none of ${LIBRARIES.map((names) => names.join(' and ')).join(', or ')}.`);
}

function unpack(wheel: string, processor: Processor): LibTensorflow {
  const target = join(BACKENDS_FOLDER, `libtensorflow-${processor}`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  runStep(`Unpacking ${wheel}`, 'python3', ['-c', UNPACK, wheel, target]);
  return readLibTensorflow(join(target, 'tensorflow'));
}

/**
 * Finds libtensorflow, from PyPI where nothing is given.
 *
 * @param given a wheel, or a folder that one was unpacked or installed into (its `tensorflow`), which is used where it lies
 * @throws Error that names the step that failed
 */
export function obtainLibTensorflow(processor: Processor, given?: string): LibTensorflow {
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`--libtensorflow: there is no ${given}.`);
    return statSync(given).isDirectory() ? readLibTensorflow(given) : unpack(given, processor);
  }
  return inScratch((scratch) => {
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--python-version', PYTHON_VERSION];
    const wheel = WHEELS[processor];
    runStep(`Fetching ${wheel} with pip`, 'python3', [
      '-m',
      'pip',
      'download',
      ...options,
      '--dest',
      scratch,
      wheel,
    ]);
    return unpack(onlyFile(scratch, '.whl'), processor);
  });
}
