/** What the browser drew of one screen; lengths in CSS pixels. A dialog that is open stands for the whole screen. */
export interface Survey {
  /** the smallest text, by its font size */
  readonly text: { readonly size: number; readonly words: string };
  /** the smallest side of what can be touched */
  readonly touch: { readonly side: number; readonly words: string };
  /** the upper edge of the highest thing that can be touched */
  readonly top: number;
  /** of the panel, what has to be scrolled to */
  readonly hidden: number;
  /** class names of what is wider than its place */
  readonly wide: readonly string[];
  /** test ids of what is drawn */
  readonly drawn: readonly string[];
  readonly caption: string;
  /** what the camera's sign says: `true`, `false` */
  readonly cameraOn: string | null;
}

/** Runs in the page. Null while nothing is drawn: a dialog that is only just opening shows nothing yet. */
export function measureSurvey(): Survey | null {
  const root = document.querySelector('dialog[open]') ?? document.body;
  const opaque = (element: Element) => element.checkVisibility({ opacityProperty: true });
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: { size: number; words: string }[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement!;
    const words = node.textContent!.trim();
    if (!words || !opaque(parent) || parent.closest('.visually-hidden, script, style')) continue;
    const size = Number.parseFloat(getComputedStyle(parent).fontSize);
    if (size > 0) texts.push({ size, words });
  }
  const touched = [...root.querySelectorAll<HTMLElement>('button, a[href], input')];
  const sides = touched.filter(opaque).map((one) => {
    const { width, height } = one.getBoundingClientRect();
    const words = one.textContent || one.dataset['testid'] || one.className;
    return { side: Math.min(width, height), words };
  });
  if (texts.length === 0 || sides.length === 0) return null;
  const smallest = <T>(all: T[], size: (one: T) => number) => all.toSorted((a, b) => size(a) - size(b))[0]!;
  const tops = touched
    .filter((element) => element.checkVisibility())
    .map((element) => element.getBoundingClientRect().top);
  const panel = document.querySelector('.panel')!;
  const boxes = document.querySelectorAll<HTMLElement>('.panel, .toolbar, .caption, dialog[open]');
  const pill = document.querySelector<HTMLElement>('[data-testid="camera-pill"]');
  return {
    text: smallest(texts, ({ size }) => size),
    touch: smallest(sides, ({ side }) => side),
    top: Math.min(...tops),
    hidden: Math.max(0, panel.scrollHeight - panel.clientHeight),
    wide: [...boxes]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map(({ className }) => className),
    drawn: [...document.querySelectorAll<HTMLElement>('[data-testid]')]
      .filter(
        (element) =>
          element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0,
      )
      .map(({ dataset }) => dataset['testid']!),
    caption: document.querySelector('[data-testid="caption"]')?.textContent ?? '',
    cameraOn: pill?.dataset['on'] ?? null,
  };
}
