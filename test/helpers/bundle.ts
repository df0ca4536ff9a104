import { build } from 'vite';

/** Scripts by their file names, and the one to begin with. */
export interface Bundle {
  readonly entry: string;
  readonly scripts: ReadonlyMap<string, string>;
}

/**
 * A TypeScript module with all that it imports, as scripts for a browser.
 *
 * @param module absolute path
 */
export async function bundle(module: string): Promise<Bundle> {
  const name = 'entry';
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2023',
      lib: { entry: module, formats: ['es'], fileName: name },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) =>
    'output' in one ? one.output : [],
  );
  const scripts = new Map(
    // A worker's script is an asset.
    outputs.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)]),
  );
  return { entry: [...scripts.keys()].find((file) => file.startsWith(name))!, scripts };
}
