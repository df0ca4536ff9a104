import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json';
import ko from './ko.json';

export const languages = ['ko', 'en'] as const;
export type Language = (typeof languages)[number];

/** Prepares the texts. Both languages are part of the bundle: nothing is fetched. */
export function createI18n(language: Language): i18n {
  const instance = i18next.createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'ko',
    supportedLngs: languages,
    resources: { ko: { translation: ko }, en: { translation: en } },
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  const tell = (code: string) => {
    document.documentElement.lang = code;
  };
  tell(language);
  instance.on('languageChanged', tell);
  return instance;
}

const locales: Readonly<Record<string, string>> = { ko: 'ko-KR', en: 'en-GB' };

/** A date as people of `language` write it, in the kiosk's own time zone. `iso`: ISO 8601. */
export const formatDate = (iso: string, language: string): string =>
  new Intl.DateTimeFormat(locales[language] ?? language, { dateStyle: 'long' }).format(new Date(iso));

export const formatNumber = (value: number, language: string, digits = 0): string =>
  new Intl.NumberFormat(locales[language] ?? language, { maximumFractionDigits: digits }).format(value);

/** Day and month in numbers. `date`: 2026-11-23, of no time zone. */
export const formatDay = (date: string, language: string): string =>
  new Intl.DateTimeFormat(locales[language] ?? language, {
    month: 'numeric',
    day: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${date}T00:00:00Z`));

/** A date with its time of day, in the kiosk's own time zone. `iso`: ISO 8601. */
export const formatMoment = (iso: string, language: string): string =>
  new Intl.DateTimeFormat(locales[language] ?? language, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  );

/** A time of day. `at`: milliseconds since 1970. */
export const formatTime = (at: number, language: string): string =>
  new Intl.DateTimeFormat(locales[language] ?? language, { timeStyle: 'medium' }).format(new Date(at));

/** A price in Korean won, as people of `language` write it. */
export const formatPrice = (won: number, language: string): string =>
  new Intl.NumberFormat(locales[language] ?? language, { style: 'currency', currency: 'KRW' }).format(won);
