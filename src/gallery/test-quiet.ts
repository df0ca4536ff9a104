import 'fake-indexeddb/auto';

/** Works of the gallery that have begun and not ended: transactions, and what WebCrypto computes. */
let pending = 0;
const over = () => void pending--;

const transaction = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function counted(this: IDBDatabase, ...given) {
  const begun = transaction.apply(this, given);
  pending++;
  for (const end of ['complete', 'abort']) begun.addEventListener(end, over);
  return begun;
};
const works = ['decrypt', 'deriveBits', 'digest', 'encrypt', 'sign', 'verify'] as const;
for (const work of works) {
  const compute = crypto.subtle[work] as (...given: unknown[]) => Promise<unknown>;
  Object.defineProperty(crypto.subtle, work, {
    configurable: true,
    writable: true,
    value: (...given: unknown[]) => {
      pending++;
      return compute.apply(crypto.subtle, given).finally(over);
    },
  });
}

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
