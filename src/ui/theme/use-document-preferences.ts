import { useEffect } from 'react';

/** How somebody before the screen wants it to look. */
interface Look {
  /** percent */
  readonly textSize: number;
  readonly contrast: string;
  readonly theme: string;
  /** nothing moves */
  readonly calm: boolean;
}

/** Sets the choices as attributes of the document's root, where the style sheets read them, and removes them. */
export function useDocumentPreferences({ textSize, contrast, theme, calm }: Look): void {
  useEffect(() => {
    const root = document.documentElement;
    root.dataset['theme'] = theme;
    root.dataset['contrast'] = contrast;
    root.dataset['motion'] = calm ? 'still' : 'moving';
    root.dataset['enlarge'] = String(textSize);
    root.style.setProperty('--enlarge', String(textSize / 100));
    return () => {
      for (const name of ['theme', 'contrast', 'motion', 'enlarge']) delete root.dataset[name];
      root.style.removeProperty('--enlarge');
    };
  }, [textSize, contrast, theme, calm]);
}
