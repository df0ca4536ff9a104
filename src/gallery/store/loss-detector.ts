import { z } from 'zod';
import type { LostGallery } from '../contract/gallery.ts';
import { type Bytes, fromBase64, randomBytes, sha256, toBase64, toHex } from '../crypto/bytes.ts';
import type { Note } from './note.ts';
import type { Store } from './store.ts';

z.config({ jitless: true });

const noteSchema = z.strictObject({
  /** which installation wrote it, hex */
  installation: z.string().min(1),
  /** SHA-256 of the secret that this kiosk's backups carry, hex; absent in notes of older versions */
  backups: z.string().optional(),
  /** enrolled people, those of the demonstration left out */
  people: z.int().nonnegative(),
  /** ISO 8601, UTC: when the store was last seen with them */
  at: z.iso.datetime(),
});
type Seen = z.infer<typeof noteSchema>;

const SECRET = 'backup-secret';
/** bytes */
const SECRET_BYTES = 32;

/** What shows that a backup is of this kiosk. Its hash alone lies outside of the store. */
interface Proof {
  /** base64 */
  readonly secret: string;
  /** hex */
  readonly hash: string;
}

const hashOf = async (secret: string): Promise<string> => toHex(await sha256(fromBase64(secret) as Bytes));

async function proofOf({ meta }: Store['storage']): Promise<Proof> {
  const kept = await meta.get(SECRET, z.base64()).catch(() => null);
  const secret = kept ?? toBase64(randomBytes(SECRET_BYTES));
  if (!kept) await meta.put(SECRET, secret);
  return { secret, hash: await hashOf(secret) };
}

/**
 * Detects that the browser lost the store: it notes outside of the store how many people the store holds, so that a store made
 * anew is not taken for a first start. The note names nobody. Where the note is lost too, the loss cannot be detected.
 */
export class LossDetector {
  readonly #note: Note;
  readonly #store: Store;
  readonly #installation: string;
  #proof: Proof;
  readonly #before: Seen | null;
  #lost: LostGallery | null;
  /** of the gallery, demonstration and all, when the note was written */
  #size = -1;

  private constructor(
    note: Note,
    store: Store,
    { installation, proof }: { readonly installation: string; readonly proof: Proof },
    before: Seen | null,
  ) {
    this.#note = note;
    this.#store = store;
    this.#installation = installation;
    this.#proof = proof;
    this.#before = before;
    this.#lost =
      before && before.people > 0 && before.installation !== installation
        ? { people: before.people, lastSeen: before.at }
        : null;
  }

  static async open(note: Note, store: Store): Promise<LossDetector> {
    const own = { installation: store.storage.fingerprint, proof: await proofOf(store.storage) };
    const detector = new LossDetector(note, store, own, readNote(note));
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
      backups: this.#proof.hash,
      people,
      at: this.#store.storage.record.time.date(),
    };
    this.#note.write(JSON.stringify(seen));
  }

  /** The secret that this kiosk's backups carry, base64: whoever has one can show after a loss that the kiosk is theirs. */
  get backupSecret(): string {
    return this.#proof.secret;
  }

  /** Whether the kiosk whose records were lost made a backup with that secret. If so, its backups stay this kiosk's own. */
  async owns(secret: string): Promise<boolean> {
    if (!this.#lost || (await hashOf(secret)) !== this.#before?.backups) return false;
    this.#proof = { secret, hash: this.#before.backups };
    await this.#store.storage.meta.put(SECRET, secret);
    return true;
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
