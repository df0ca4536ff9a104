/**
 * Projects of `playwright.config.ts` that `npm test` runs.
 *
 * @param {readonly string[]} args of its command line
 * @returns {string[]}
 * @throws {Error} where an argument is unknown
 */
export function projectsOf(args) {
  const unknown = args.find((arg) => arg !== '--all');
  if (unknown !== undefined)
    throw new Error(`npm test does not know ${unknown}. It takes --all, or nothing.`);
  return args.length > 0 ? ['kiosk', 'long'] : ['kiosk'];
}
