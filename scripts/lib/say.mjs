const started = performance.now();

/** Prints one line with the seconds since the command began. @param {string} text */
export function say(text) {
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`[${String(seconds).padStart(4)} s] ${text}\n`);
}
