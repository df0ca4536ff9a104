import type { Speaker } from '../state/session/speaker.ts';

/** Voices of this system only: a remote voice would send our words to a server. */
const voiceFor = (language: string): SpeechSynthesisVoice | undefined =>
  speechSynthesis.getVoices().find(({ lang, localService }) => localService && lang.startsWith(language));

/** Web Speech, if the browser supports it and the system has a voice. */
export function createSpeaker(): Speaker {
  const speech = typeof speechSynthesis === 'undefined' ? null : speechSynthesis;
  // The browser fills the list a little after the first call.
  speech?.getVoices();
  return {
    available: (language) => speech !== null && voiceFor(language) !== undefined,
    say(text, language, { volume, pace }) {
      const voice = speech && voiceFor(language);
      if (!voice) return;
      speech.cancel();
      const utterance = new SpeechSynthesisUtterance(text);
      Object.assign(utterance, { voice, lang: voice.lang, volume, rate: pace });
      speech.speak(utterance);
    },
    stop: () => speech?.cancel(),
  };
}
