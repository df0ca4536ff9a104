import { z } from 'zod';
import type { LostGallery } from '../contract/gallery.ts';
import { toHex } from '../crypto/bytes.ts';
import type { Note } from './note.ts';
import type { Store } from './store.ts';

z.config({ jitless: true });

const noteSchema = z.strictObject({
  /** which installation wrote it, hex */
  installation: z.string().min(1),
  /** enrolled people, those of the demonstration left out */
  people: z.int().nonnegative(),
  /** ISO 8601, UTC: when the store was last seen with them */
  at: z.iso.datetime(),
});
type Seen = z.infer<typeof noteSchema>;

/** Hex digits that tell one installation from another, and nothing of its keys. */
const FINGERPRINT = 16;

/**
 * Detects that the browser lost the store: it notes outside of the store how many people the store holds, so that a store made
 * anew is not taken for a first start. The note names nobody. Where the note is lost too, the loss cannot be detected.
 */
export class LossDetector {
  readonly #note: Note;
  readonly #store: Store;
  readonly #installation: string;
  #lost: LostGallery | null;
  /** of the gallery, demonstration and all, when the note was written */
  #size = -1;

  private constructor(note: Note, store: Store, installation: string, before: Seen | null) {
    this.#note = note;
    this.#store = store;
    this.#installation = installation;
    this.#lost =
      before && before.people > 0 && before.installation !== installation
        ? { people: before.people, lastSeen: before.at }
        : null;
  }

  static async open(note: Note, store: Store): Promise<LossDetector> {
    const digest = await store.installation.digest('installation', new Uint8Array());
    const detector = new LossDetector(note, store, toHex(digest).slice(0, FINGERPRINT), readNote(note));
    detector.follow();
    return detector;
  }

  /** The loss that staff have not acknowledged. */
  get lost(): LostGallery | null {
    return this.#lost;
  }

  /** Writes how many people there are now. The note of a loss stays until staff acknowledge it. */
  follow(): void {
    if (this.#lost) return;
    const { size } = this.#store.people;
    if (size === this.#size) return;
    this.#size = size;
    let people = 0;
    for (const { demo } of this.#store.people.values()) if (!demo) people += 1;
    const seen: Seen = {
      installation: this.#installation,
      people,
      at: this.#store.storage.record.time.date(),
    };
    this.#note.write(JSON.stringify(seen));
  }

  acknowledge(): void {
    this.#lost = null;
    this.follow();
  }

  /** Staff empty the store. */
  forget(): void {
    this.#note.write(null);
  }
}

function readNote(note: Note): Seen | null {
  try {
    return noteSchema.parse(JSON.parse(note.read() ?? 'null'));
  } catch {
    return null;
  }
}
