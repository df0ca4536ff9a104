/**
 * Names that systems leave behind, in lower case. Whatever begins with a dot is litter too (`.git`, `.DS_Store`, `._faces.tar`,
 * `.ipynb_checkpoints`).
 */
const LITTER: ReadonlySet<string> = new Set([
  // macOS
  '__macosx',
  'icon\r',
  // Windows
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '$recycle.bin',
  'system volume information',
  // NAS boxes: thumbnails, bins, snapshots
  '@eadir',
  '#recycle',
  '@recycle',
  '@tmp',
  '#snapshot',
  '@recently-snapshot',
  // Linux, Python
  'lost+found',
  '__pycache__',
]);

/** Whether a file or folder is what a system leaves behind, and nobody's picture. */
export const isLitter = (name: string): boolean => name.startsWith('.') || LITTER.has(name.toLowerCase());

/** Whether a part of a path is litter. */
export const isLitterPath = (path: string): boolean => path.split('/').some(isLitter);
