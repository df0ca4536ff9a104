import type { CatalogueFrame } from './catalogue.ts';

/** The nineteen initial consonants of Hangul in the order of Unicode's syllables, as letters; doubled ones as the plain one. */
const INITIALS = 'ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ';
/** 가 */
const FIRST_SYLLABLE = 0xac00;
/** syllables of one initial consonant: 21 vowels, 28 endings */
const SYLLABLES_EACH = 588;

/** The fourteen consonants of a search pad: plain ones find doubled ones, too. */
export const CONSONANTS = [...'ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ'] as const;
export const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'] as const;

/** Text as it is compared: composed, small, without whatever parts words. */
const plain = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s\-·.,/]+/gu, '');

/** `한강` is `ㅎㄱ`. What is no syllable stays. */
const initials = (text: string): string =>
  text.replaceAll(/[가-힣]/gu, (syllable) => {
    const nth = syllable.codePointAt(0)! - FIRST_SYLLABLE;
    return INITIALS[Math.floor(nth / SYLLABLES_EACH)]!;
  });

const DOUBLED: Readonly<Record<string, string>> = { ㄲ: 'ㄱ', ㄸ: 'ㄷ', ㅃ: 'ㅂ', ㅆ: 'ㅅ', ㅉ: 'ㅈ' };

/** Whether the text holds the words, letter by letter; a lone consonant stands for each syllable that begins with it. */
function holds(text: string, wanted: string): boolean {
  const heads = initials(text);
  const letters = [...wanted].map((letter) => DOUBLED[letter] ?? letter);
  for (let from = 0; from + letters.length <= text.length; from++)
    if (letters.every((letter, i) => text[from + i] === letter || heads[from + i] === letter)) return true;
  return false;
}

/**
 * Whether a frame is found by the words: each of them in a name, a detail or the article number, in either language. `ㅎㄱ` finds
 * 한강. No words find every frame.
 */
export function matchesSearch({ id, name, detail }: CatalogueFrame, words: string): boolean {
  const wanted = words.trim().split(/\s+/u).map(plain).filter(Boolean);
  const texts = [name.ko, name.en, detail.ko, detail.en, id].map(plain);
  return wanted.every((word) => texts.some((text) => holds(text, word)));
}
