/** A gate that one side waits at until the other opens it. */
function gate() {
  let open = () => {};
  return {
    open: () => open(),
    wait: () =>
      new Promise<void>((resolve) => {
        open = resolve;
      }),
  };
}

/**
 * Runs `work` on items, up to `most` at a time, while whoever takes the results is busy; the results come in the items' order.
 * An error of the items or of the work is thrown where its result would have come.
 */
export async function* ahead<T, R>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
  most: number,
): AsyncGenerator<R> {
  const results: Promise<IteratorResult<R, undefined>>[] = [];
  const [room, arrival] = [gate(), gate()];
  const iterator = items[Symbol.asyncIterator]();
  let stopped = false;
  const push = (result: Promise<IteratorResult<R, undefined>>): void => {
    // Whoever takes the result meets its error; until then it is no unhandled one.
    result.catch(() => {});
    results.push(result);
    arrival.open();
  };
  const pump = async (): Promise<void> => {
    while (!stopped) {
      const next = await iterator.next();
      if (next.done) break;
      push(work(next.value).then((value) => ({ value, done: false })));
      while (results.length >= most && !stopped) await room.wait();
    }
  };
  pump().then(
    () => push(Promise.resolve({ value: undefined, done: true })),
    (error) => push(Promise.reject(error)),
  );
  try {
    for (;;) {
      if (results.length === 0) await arrival.wait();
      const result = await results[0]!;
      if (result.done) return;
      results.shift();
      room.open();
      yield result.value;
    }
  } finally {
    stopped = true;
    room.open();
    await iterator.return?.();
  }
}
