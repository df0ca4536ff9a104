import { describe, expect, it } from 'vitest';
import { isShortcut, type Keystroke } from './held-back.ts';

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, altGraph: false };
const MODIFIERS = {
  ctrl: 'ctrlKey',
  meta: 'metaKey',
  alt: 'altKey',
  shift: 'shiftKey',
  altgr: 'altGraph',
} as const;

/** `ctrl+shift+I` */
function stroke(text: string): Keystroke {
  const parts = text.split('+');
  const held = parts.slice(0, -1) as (keyof typeof MODIFIERS)[];
  return { ...NONE, key: parts.at(-1)!, ...Object.fromEntries(held.map((name) => [MODIFIERS[name], true])) };
}

describe('isShortcut', () => {
  it.each([
    ...['F1', 'F3', 'F5', 'F6', 'F7', 'F11', 'F12', 'shift+F10', 'ctrl+F5', 'ctrl+shift+F12'],
    ...['ctrl+shift+I', 'ctrl+shift+J', 'ctrl+shift+C', 'meta+alt+i', 'ctrl+u', 'ctrl+shift+Delete'],
    ...['ctrl+l', 'alt+d', 'ctrl+k', 'ctrl+e', 'meta+l'],
    ...['ctrl+r', 'ctrl+shift+R', 'meta+r', 'alt+ArrowLeft', 'alt+ArrowRight', 'alt+Home', 'ctrl+h'],
    ...['ctrl+t', 'ctrl+n', 'ctrl+w', 'ctrl+shift+N', 'ctrl+Tab', 'ctrl+PageDown', 'ctrl+1'],
    ...['ctrl+p', 'ctrl+s', 'ctrl+o', 'ctrl+f', 'ctrl+j', 'ctrl+d', 'ctrl++', 'ctrl+-', 'ctrl+0'],
    ...['BrowserBack', 'BrowserRefresh', 'LaunchMail'],
  ])('holds %s back', (text) => {
    const key = text.endsWith('++') ? { ...stroke(text.slice(0, -1)), key: '+' } : stroke(text);
    expect(isShortcut(key)).toBe(true);
  });

  it.each([
    ...['a', 'F', 'Enter', 'Tab', 'shift+Tab', 'Escape', 'ArrowDown', 'Backspace', '가', 'Process'],
    ...['ctrl+a', 'ctrl+c', 'ctrl+v', 'meta+v', 'ctrl+x', 'ctrl+z', 'ctrl+Backspace', 'ctrl+shift+ArrowLeft'],
    ...['ctrl+alt+altgr+@', 'altgr+€', 'ctrl+Control', 'shift+A'],
  ])('lets %s through', (text) => {
    expect(isShortcut(stroke(text))).toBe(false);
  });
});
