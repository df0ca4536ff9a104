import { relative } from 'node:path';
import type { FullConfig, Reporter, Suite, TestCase, TestError, TestResult } from '@playwright/test/reporter';

interface FileRun {
  /** tests that have not ended yet */
  left: number;
  readonly ended: Map<TestCase, TestResult>;
}

/** Playwright's results on one line a file, as soon as all of its tests have ended; what failed follows in full. */
export default class FileLines implements Reporter {
  readonly #files = new Map<string, FileRun>();
  #root = '';

  onBegin(config: FullConfig, suite: Suite): void {
    this.#root = config.rootDir;
    for (const test of suite.allTests()) {
      const run = this.#files.get(test.location.file) ?? { left: 0, ended: new Map() };
      run.left += 1;
      this.#files.set(test.location.file, run);
    }
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const run = this.#files.get(test.location.file)!;
    run.ended.set(test, result);
    run.left -= 1;
    if (run.left === 0) this.#tell(test.location.file, run);
  }

  /** What fails outside of a test: a file that does not load, a server that does not start. */
  onError(error: TestError): void {
    this.#say(`${textOf(error)}\n`);
  }

  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }

  onStdErr(chunk: string | Buffer): void {
    process.stderr.write(chunk);
  }

  onEnd(): void {
    for (const [file, run] of this.#files)
      if (run.left > 0) this.#say(` ✗ ${relative(this.#root, file)}: ${run.left} tests did not end`);
  }

  #tell(file: string, { ended }: FileRun): void {
    const failed = [...ended].filter(([test]) => test.outcome() === 'unexpected');
    const seconds = [...ended.values()].reduce((sum, { duration }) => sum + duration, 0) / 1000;
    const counts = `${ended.size} tests${failed.length > 0 ? `, ${failed.length} failed` : ''}`;
    this.#say(
      ` ${failed.length > 0 ? '✗' : '✓'} ${relative(this.#root, file)} (${counts}) ${seconds.toFixed(1)}s`,
    );
    for (const [test, { errors }] of failed)
      this.#say(`\n   ${test.title}\n${errors.map(textOf).join('\n')}\n`);
  }

  #say(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  printsToStdio(): boolean {
    return true;
  }
}

const textOf = ({ message, stack, value, snippet }: TestError): string =>
  [stack ?? message ?? value ?? '', snippet ?? ''].join('\n');
