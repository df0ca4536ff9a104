/** Endings of the pictures that are read; what is inside is seen from the bytes. */
const READ: ReadonlySet<string> = new Set('jpg jpeg jpe jfif png webp avif gif tif tiff'.split(' '));

/** Pictures that are not read, by ending, with what makes one of them that is. */
const CONVERT: Readonly<Record<string, string>> = {
  heic: 'heif-convert FILE.heic FILE.jpg; on an iPhone: Settings, Camera, Formats, Most Compatible',
  heif: 'heif-convert FILE.heif FILE.jpg',
  bmp: 'magick FILE.bmp FILE.png',
  jp2: 'magick FILE.jp2 FILE.png',
  jxl: 'djxl FILE.jxl FILE.png',
  psd: 'magick "FILE.psd[0]" FILE.png',
  tga: 'magick FILE.tga FILE.png',
  ppm: 'magick FILE.ppm FILE.png',
  pgm: 'magick FILE.pgm FILE.png',
  svg: 'it is a drawing, not a photograph',
  dng: 'darktable-cli FILE.dng FILE.jpg',
  cr2: 'darktable-cli FILE.cr2 FILE.jpg',
  cr3: 'darktable-cli FILE.cr3 FILE.jpg',
  nef: 'darktable-cli FILE.nef FILE.jpg',
  arw: 'darktable-cli FILE.arw FILE.jpg',
  raf: 'darktable-cli FILE.raf FILE.jpg',
  mp4: 'it is a video: ffmpeg -i FILE.mp4 -r 1 FILE-%03d.jpg',
  mov: 'it is a video: ffmpeg -i FILE.mov -r 1 FILE-%03d.jpg',
};

/** What a file is to a set, by its name. */
export type FileKind =
  | { readonly kind: 'picture' }
  /** a picture that is not read; `why` ends with how to convert it */
  | { readonly kind: 'unread'; readonly why: string }
  | { readonly kind: 'other'; readonly ending: string };

/** Ending of a file's name in lower case, without the dot; empty where it has none. */
export const endingOf = (path: string): string => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';

/** @param path any path of the file */
export function kindOfFile(path: string): FileKind {
  const ending = endingOf(path);
  if (READ.has(ending)) return { kind: 'picture' };
  const how = CONVERT[ending];
  if (how) return { kind: 'unread', why: `.${ending} is not read (${how})` };
  return { kind: 'other', ending };
}

export const isPictureName = (path: string): boolean => READ.has(endingOf(path));
