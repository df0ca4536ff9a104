import { isWithoutFace } from '@rounz/core/people/consent.ts';
import { isNoteTooLong } from '@rounz/core/people/text.ts';
import { GALLERY } from '../base/config.ts';
import { GalleryError } from '../base/errors.ts';
import type { MergePreview } from '../contract/undo.ts';
import type { Entry, StaffWords } from '../store/change.ts';
import { fusedByModel, type Identity, type KeptTemplate } from '../store/records.ts';

/** A record with all that staff can read of it. */
export interface WholeRecord extends StaffWords {
  readonly entry: Entry;
  readonly templates: readonly KeptTemplate[];
}

/** What the kept record becomes. */
export interface Merged extends StaffWords {
  readonly identity: Identity;
  readonly templates: readonly KeptTemplate[];
}

const later = (a: Identity, b: Identity): Identity => (b.consent.givenAt > a.consent.givenAt ? b : a);

function joinedNotes(kept: string, other: string): string {
  if (other === '' || kept === other) return kept;
  return kept === '' ? other : `${kept}\n${other}`;
}

/** The newest two of all visits that both records remember. */
function newestVisits(a: Identity, b: Identity): Pick<Identity, 'lastVisit' | 'previousVisit'> {
  const dates = [a.lastVisit, a.previousVisit, b.lastVisit, b.previousVisit].filter((date) => date !== null);
  const [lastVisit = null, previousVisit = null] = [...new Set(dates)].sort().reverse();
  return { lastVisit, previousVisit };
}

/** Where two records of one person are merged, what staff should know before. */
export function previewOf(kept: WholeRecord, other: WholeRecord, faces: MergePreview['faces']): MergePreview {
  const [a, b] = [kept.entry.identity, other.entry.identity];
  const counts = later(a, b);
  return {
    faces,
    consentOf: counts === b ? 'other' : 'kept',
    losesFace: isWithoutFace(counts.consent.version) && a.templates.length + b.templates.length > 0,
    losesNumber: a.access !== null && b.access !== null,
    noteTooLong: isNoteTooLong(joinedNotes(kept.note, other.note)),
    visits: a.visits + b.visits,
  };
}

/**
 * Two records of one person as one: id, name and access of the first one, the later consent alone, both notes, all visits. The
 * templates become one for each model. Where the later consent is one without a face, no template is kept.
 *
 * @throws GalleryError `invalid-person` where the notes do not fit together, or the pictures contradict each other
 */
export function mergedOf(kept: WholeRecord, other: WholeRecord): Merged {
  const [a, b] = [kept.entry.identity, other.entry.identity];
  const { noteTooLong, losesFace } = previewOf(kept, other, 'not-comparable');
  if (noteTooLong)
    throw new GalleryError(
      'invalid-person',
      'Both notes together are too long, so nothing was merged. Shorten one of them first.',
    );
  const pictures = [...b.templates, ...a.templates].sort((x, y) => x.createdAt.localeCompare(y.createdAt));
  const marks = losesFace ? [] : pictures.slice(-GALLERY.maxTemplates);
  const models = new Set(marks.map(({ modelHash }) => modelHash));
  const ownAccess = a.access !== null || b.access === null;
  return {
    identity: {
      ...a,
      enrolledAt: [a.enrolledAt, b.enrolledAt].sort()[0]!,
      consent: later(a, b).consent,
      templates: marks,
      visits: a.visits + b.visits,
      ...newestVisits(a, b),
      savedFrames: [...new Set([...b.savedFrames, ...a.savedFrames])].slice(-GALLERY.maxSavedFrames),
      access: ownAccess ? a.access : b.access,
      ...lookAlikesOf(kept.entry, other.entry),
    },
    templates: fused([...other.templates, ...kept.templates]).filter(({ modelHash }) =>
      models.has(modelHash),
    ),
    note: joinedNotes(kept.note, other.note),
    telephone: ownAccess ? kept.telephone : other.telephone,
  };
}

/** Whoever looks like either of them; not they themselves, whom staff know to be one. */
function lookAlikesOf(a: Entry, b: Entry): Pick<Identity, 'lookAlikes'> {
  const all = [...(a.identity.lookAlikes ?? []), ...(b.identity.lookAlikes ?? [])];
  const others = [...new Set(all)].filter((id) => id !== a.id && id !== b.id);
  return a.identity.lookAlikes || others.length > 0 ? { lookAlikes: others } : {};
}

function fused(templates: readonly KeptTemplate[]): readonly KeptTemplate[] {
  try {
    return fusedByModel(templates);
  } catch (error) {
    throw new GalleryError(
      'unlike',
      'The faces of the two records contradict each other, so nothing was merged.',
      error,
    );
  }
}
