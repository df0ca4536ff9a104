/** Runs pieces of work one after the other, in this window and, where the browser has locks, in all of them. */
export function createQueue(name: string): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(() => {
      const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
      return locks ? locks.request(name, work) : work();
    });
    last = next.catch(() => {});
    return next as ReturnType<typeof work>;
  };
}
