/**
 * Vitest's set-up: what the code under test writes to the process's streams becomes output of its test, which is shown where
 * the test fails and kept quiet where it passes.
 */
const tell = { stdout: console.log, stderr: console.error } as const;

for (const name of ['stdout', 'stderr'] as const)
  process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    tell[name](String(chunk).trimEnd());
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  }) as typeof process.stdout.write;
