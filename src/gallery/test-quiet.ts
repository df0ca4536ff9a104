import 'fake-indexeddb/auto';

/** Works of the gallery that have begun and not ended: of IndexedDB, and what WebCrypto computes. */
let pending = 0;

/**
 * Counts each call of `work` until what it returns has ended.
 *
 * @param whenOver has `over` called once, when `begun` has ended; returns what the caller gets
 */
function count<T extends object, Begun>(
  of: T,
  work: keyof T,
  whenOver: (begun: Begun, over: () => void) => Begun,
): void {
  const begin = of[work] as (...given: unknown[]) => Begun;
  Object.defineProperty(of, work, {
    configurable: true,
    writable: true,
    value(this: unknown, ...given: unknown[]) {
      const begun = begin.apply(this, given);
      pending++;
      return whenOver(begun, () => void pending--);
    },
  });
}

const at =
  (...ends: string[]) =>
  (begun: EventTarget, over: () => void) => {
    for (const end of ends) begun.addEventListener(end, over);
    return begun;
  };
count(IDBDatabase.prototype, 'transaction', at('complete', 'abort'));
count(IDBFactory.prototype, 'open', at('success', 'error'));
count(IDBFactory.prototype, 'deleteDatabase', at('success', 'error'));

const computes = Object.getOwnPropertyNames(SubtleCrypto.prototype) as (keyof SubtleCrypto)[];
for (const work of computes)
  if (work !== ('constructor' as string))
    count(crypto.subtle, work, (begun: Promise<unknown>, over) => begun.finally(over));

/** Turns of the event loop without any work after which none follows: between two works of one task there are fewer. */
const TURNS = 10;

/**
 * Resolves when the gallery has nothing more to do by itself: what goes on behind an answer, such as signing the log or a look
 * for what is due, has ended. It waits for that work and for no length of time, so a busy machine changes nothing.
 */
export async function quiet(): Promise<void> {
  for (let turns = 0; turns < TURNS; turns++) {
    await new Promise((resolve) => setTimeout(resolve));
    if (pending > 0) turns = -1;
  }
}
