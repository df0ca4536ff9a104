/**
 * Trusted Types' default policy, which our content security policy demands: an address of this kiosk's own folder may be
 * loaded as a worker; no text becomes markup or script, for no rule here makes one.
 */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown;
}

/**
 * @param address as it was given, absolute or relative
 * @param base the page's own address
 * @returns the absolute address
 * @throws TypeError where it lies outside the folder of `base`
 */
export function ownScript(address: string, base: string): string {
  const { href } = new URL(address, base);
  if (href.startsWith(new URL('./', base).href)) return href;
  throw new TypeError(`${href} is not the kiosk’s own, so it is not loaded as a script.`);
}

/** To be called before anything starts a worker. Browsers without Trusted Types go by the rest of the policy alone. */
export function allowOwnScripts(): void {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy('default', {
    createScriptURL: (address) => ownScript(address, document.baseURI),
  });
}
