/**
 * Trusted Types' default policy, which our content security policy demands: an address of our own folder may be loaded as a
 * script; no text becomes markup or script, for no rule here makes one. The threads of WASM have the same rule
 * (`scripts/lib/wasm-threads.ts`).
 */
interface TrustedTypes {
  readonly defaultPolicy: unknown;
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown;
}

/**
 * @param address as it was given, absolute or relative
 * @param base absolute address
 * @returns the absolute address
 * @throws TypeError where it lies outside the folder of `base`
 */
export function ownScript(address: string, base: string): string {
  const { href } = new URL(address, base);
  if (href.startsWith(new URL('./', base).href)) return href;
  throw new TypeError(`${href} is not the kiosk’s own, so it is not loaded as a script.`);
}

/**
 * To be called in a page or worker before it starts a worker; its first call holds. Browsers without Trusted Types go by the
 * rest of the policy alone.
 *
 * @param base absolute address; scripts of its folder are allowed
 */
export function allowOwnScripts(base: string): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes || trustedTypes.defaultPolicy) return;
  trustedTypes.createPolicy('default', { createScriptURL: (address) => ownScript(address, base) });
}
