import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { THREAD_SCRIPTS, threadScript } from './wasm-threads.ts';

const folder = join(import.meta.dirname, '../../node_modules/@tensorflow/tfjs-backend-wasm');

describe('the scripts of a thread', () => {
  it('load scripts of their own folder and no others', async () => {
    /** @type {((address: string) => string)[]} */
    const rules = [];
    const trustedTypes = {
      /** @param {string} _ @param {{ createScriptURL: (address: string) => string }} policy */
      createPolicy: (_, { createScriptURL }) => rules.push(createScriptURL),
    };
    const location = { href: 'https://kiosk.example/shop/wasm/thread.js' };
    const scope = createContext({ trustedTypes, location, URL, TypeError, postMessage() {} });
    new Script(`self = globalThis;${await threadScript(folder, THREAD_SCRIPTS[0])}`).runInContext(scope);
    const [allowed] = rules;
    const own = 'https://kiosk.example/shop/wasm/other.js';
    expect(allowed?.(own)).toBe(own);
    for (const address of [
      '../assets/a.js',
      'https://elsewhere.example/a.js',
      'blob:https://kiosk.example/1',
    ])
      expect(() => allowed?.(address), address).toThrow(/not the kiosk’s own/);
  });

  it('put the factory where the thread looks for it', async () => {
    const scope = createContext({});
    new Script(await threadScript(folder, THREAD_SCRIPTS[1])).runInContext(scope);
    expect(new Script('typeof WasmBackendModuleThreadedSimd').runInContext(scope)).toBe('function');
  });
});
