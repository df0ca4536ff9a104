/** Runs in the page: shifts the date that it reads; timers and animations are left alone. */
export function laterBy(milliseconds: number): void {
  const real = Date;
  const shifted = class extends real {
    constructor(...args: [] | [number | string | Date]) {
      if (args.length === 0) super(real.now() + milliseconds);
      else super(args[0]);
    }
    static override now = () => real.now() + milliseconds;
  };
  globalThis.Date = shifted as DateConstructor;
}
