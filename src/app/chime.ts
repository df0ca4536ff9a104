/** Two soft bells, a fifth apart: frequency in hertz, start in seconds. */
const BELLS = [
  { frequency: 659.25, at: 0 },
  { frequency: 987.77, at: 0.22 },
] as const;
/** 0..1 */
const LOUDNESS = 0.22;
/** seconds until a bell has died away */
const DECAY = 1.4;

let audio: AudioContext | null = null;

/** Rings for staff. If the device has no sound or forbids it, the call is still shown on the screen. */
export function chime(): void {
  if (typeof AudioContext === 'undefined') return;
  audio ??= new AudioContext();
  const context = audio;
  void context.resume();
  for (const { frequency, at } of BELLS) ring(context, frequency, context.currentTime + at);
}

function ring(context: AudioContext, frequency: number, start: number): void {
  const tone = new OscillatorNode(context, { frequency, type: 'sine' });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0005, start + DECAY);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + DECAY);
}
