import type { Speaker } from '../state/session/speaker.ts';

/** The browser's own voices, of the system alone: a voice that is made elsewhere would send our words there. */
const voiceFor = (language: string): SpeechSynthesisVoice | undefined =>
  speechSynthesis.getVoices().find(({ lang, localService }) => localService && lang.startsWith(language));

/** Web Speech, where the browser has it and the system has a voice. */
export function createSpeaker(): Speaker {
  const speech = typeof speechSynthesis === 'undefined' ? null : speechSynthesis;
  // The list is filled on the first question, a little later.
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
