import { useEffect } from 'react';
import { usePreferences } from '../../state/react.ts';

/** Sets the visitor's choices as attributes of the document's root, where the style sheets read them, and removes them. */
export function useAppliedPreferences(): void {
  const { textSize, contrast, theme, calm } = usePreferences();
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
