/** What somebody before the screen finds, without having scrolled. */
export interface Fit {
  /** what is to be read or touched first and is not wholly in sight: the title, a hint, the first way on */
  readonly missing: readonly string[];
  /** further ways on that are not wholly in sight; frames of a page apart, which scroll on every screen */
  readonly later: readonly string[];
  /** words that leave the screen, or what they are written on, at a side; of a button at its edges, too */
  readonly cut: readonly string[];
  /** parts of a form that stand above the one that comes before them */
  readonly disordered: readonly string[];
  /** what lies on the caption or on the camera's sign */
  readonly covered: readonly string[];
}

/**
 * Runs in the page and computes it from what the browser drew. A dialog that is open stands for the whole screen. Null while nothing is
 * drawn, or something moves to its place.
 */
export function measureFit(): Fit | null {
  const moves = (one: Animation) => one instanceof CSSAnimation && one.playState === 'running';
  if (document.getAnimations().some(moves)) return null;
  const dialog = document.querySelector('dialog[open]');
  const root = dialog ?? document.body;
  /** CSS pixels that roundings may take */
  const slack = 1.5;
  /** lines of a dialog that are seen at once, at the least */
  const LINES = 3;
  const name = (element: Element) =>
    `${(element as HTMLElement).dataset['testid'] ?? element.classList.value}: ${element.textContent.trim().slice(0, 40)}`;
  const drawn = (element: Element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  /** wholly on the screen, and nothing over it */
  const inSight = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.left < -slack || box.top < -slack) return false;
    if (box.right > innerWidth + slack || box.bottom > innerHeight + slack) return false;
    return [0.15, 0.5, 0.85].every((x) =>
      [0.1, 0.5, 0.9].every((y) => {
        const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
        return top !== null && (element.contains(top) || top.contains(element));
      }),
    );
  };

  /** what is left of a box within everything that scrolls or clips it from above or below */
  const unclipped = (parent: Element, { left, top, right, bottom }: DOMRect): DOMRect[] => {
    for (let one: Element | null = parent; one; one = one.parentElement) {
      if (getComputedStyle(one).overflowY === 'visible') continue;
      const clip = one.getBoundingClientRect();
      top = Math.max(top, clip.top);
      bottom = Math.min(bottom, clip.bottom);
    }
    return right > left && bottom > top ? [new DOMRect(left, top, right - left, bottom - top)] : [];
  };
  const written: { words: string; parent: Element; boxes: DOMRect[] }[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement!;
    const words = node.textContent!.trim();
    if (!words || !drawn(parent) || parent.closest('.visually-hidden, script, style')) continue;
    if (Number.parseFloat(getComputedStyle(parent).fontSize) === 0) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    written.push({
      words,
      parent,
      boxes: [...range.getClientRects()].flatMap((box) => unclipped(parent, box)),
    });
  }
  if (written.length === 0) return null;

  const cut = written.flatMap(({ words, parent, boxes }) => {
    const ground = parent.closest(
      'button, a, label, .hint, .notice, .camera-pill, .call-banner, .panel, dialog',
    );
    const box = ground?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
    const all = ground?.matches('button, a, label.choice__option') ?? false;
    const leaves = boxes.some(
      (one) =>
        one.left < Math.max(0, box.left) - slack ||
        one.right > Math.min(innerWidth, box.right) + slack ||
        // A line's box is a little higher than its letters.
        (all && (one.top < box.top - 0.25 * one.height || one.bottom > box.bottom + 0.25 * one.height)),
    );
    return leaves ? [words.slice(0, 40)] : [];
  });

  const meets = (a: DOMRect, b: DOMRect) =>
    a.left < b.right - slack &&
    b.left < a.right - slack &&
    a.top < b.bottom - slack &&
    b.top < a.bottom - slack;
  const sticky = (element: Element) => element.closest('.toolbar, .calls, .ending') !== null;
  const covered = dialog
    ? []
    : ['.caption', '.camera-pill'].flatMap((selector) => {
        const own = written.filter(({ parent }) => parent.closest(selector)).flatMap(({ boxes }) => boxes);
        const pill = document.querySelector(selector)!.getBoundingClientRect();
        const area = selector === '.camera-pill' ? [pill] : own;
        const others = [
          ...written.filter(({ parent }) => !parent.closest(selector) && !sticky(parent)),
          ...[
            ...document.querySelectorAll('.wordmark, .kiosk__staff-entry, .panel .button, .field__input'),
          ].map((element) => ({ words: name(element), boxes: [element.getBoundingClientRect()] })),
        ];
        return others
          .filter(({ boxes }) => boxes.some((one) => area.some((mine) => meets(one, mine))))
          .map(({ words }) => `${selector} and ${words.slice(0, 40)}`);
      });

  const fields = [...root.querySelectorAll('.field, .lookup__actions')];
  const top = (element: Element) => element.getBoundingClientRect().top;
  const ways = [
    ...root.querySelectorAll(
      dialog
        ? '.dialog__actions button'
        : '.panel .button, .keypad__key, .stage__foot button, .stage__foot a',
    ),
  ].filter(drawn);
  // A notice over the end of a page that scrolls is what is asked now.
  const notice = document.querySelector('.calls:not(:empty), .ending');
  const over = notice !== null && getComputedStyle(notice).position === 'sticky';
  const asked = [
    '.panel__title',
    '.hint',
    '.lookup__problem:not(:empty)',
    '.keypad__key',
    '.panel__actions .button',
  ];
  const first = dialog
    ? ['.dialog__title', '.dialog__actions button']
    : [...(over ? [] : asked), '.calls .button', '.ending .button', '.camera-pill', '.toolbar .button'];
  const foremost = first.flatMap((selector) => root.querySelector(selector) ?? []);
  const body = dialog?.querySelector('.dialog__body');
  const slit =
    body &&
    body.clientHeight <
      Math.min(body.scrollHeight, LINES * Number.parseFloat(getComputedStyle(body).lineHeight));
  return {
    missing: [
      ...foremost.filter((element) => !inSight(element)).map(name),
      ...(slit ? ['a dialog is a slit'] : []),
    ],
    later: ways.filter((element) => !foremost.includes(element) && !inSight(element)).map(name),
    cut,
    disordered: fields.filter((field, at) => at > 0 && top(field) < top(fields[at - 1]!)).map(name),
    covered,
  };
}
