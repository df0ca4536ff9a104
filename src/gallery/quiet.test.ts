import { expect, it, vi } from 'vitest';

/** Longer than the turns of the event loop that `quiet` waits for by itself. */
const SLOW_MS = 100;

const computes = Object.getOwnPropertyNames(SubtleCrypto.prototype).filter((name) => name !== 'constructor');

it.each(computes)('waits for %s of WebCrypto, however long it takes', async (work) => {
  vi.resetModules();
  const slow = () => new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  vi.spyOn(crypto.subtle, work as 'digest').mockImplementation(slow as never);
  const { quiet } = await import('./test-quiet.ts');
  let over = false;
  void crypto.subtle[work as 'digest']('SHA-256', new Uint8Array()).then(() => {
    over = true;
  });
  await quiet();
  expect(over).toBe(true);
  vi.restoreAllMocks();
});

it('waits for a database that opens, and for its transaction', async () => {
  const { quiet } = await import('./test-quiet.ts');
  const order: string[] = [];
  const opening = indexedDB.open('quiet');
  opening.onupgradeneeded = () => void opening.result.createObjectStore('rows');
  opening.onsuccess = () => {
    order.push('open');
    const written = opening.result.transaction('rows', 'readwrite');
    for (let i = 0; i < 100; i++) written.objectStore('rows').put(i, i);
    written.oncomplete = () => void order.push('written');
  };
  await quiet();
  expect(order).toEqual(['open', 'written']);
  opening.result.close();
});
