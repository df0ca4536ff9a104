import type { VoicePreferences } from './preferences.ts';

/** A voice that reads the kiosk's guidance. What it says is always on the screen as well. */
export interface Speaker {
  /** whether there is a voice for `language` (BCP 47) now */
  available(language: string): boolean;
  /** Says `text` instead of whatever is being said. */
  say(text: string, language: string, voice: VoicePreferences): void;
  stop(): void;
}

export const silentSpeaker: Speaker = { available: () => false, say: () => {}, stop: () => {} };
