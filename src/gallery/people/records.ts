import { isUnit } from '@rounz/core/match/score.ts';
import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isStrongPin, normalPin } from '@rounz/core/people/pin.ts';
import {
  normalTelephone,
  type TelephoneProblem,
  telephoneForms,
  telephoneProblem,
} from '@rounz/core/people/telephone.ts';
import {
  cleanName,
  cleanNote,
  isNoteTooLong,
  type NameProblem,
  nameProblem,
} from '@rounz/core/people/text.ts';
import { GALLERY } from '../base/config.ts';
import { GalleryError } from '../base/errors.ts';
import type { CustomerPage } from '../contract/customers.ts';
import type {
  Consent,
  NewPerson,
  Person,
  TelephoneAccess,
  Template,
  TemplateMark,
} from '../contract/person.ts';
import { equalBytes, fromBase64, randomBytes, toBase64, toHex, utf8 } from '../crypto/bytes.ts';
import { stretch } from '../crypto/passwords.ts';
import type { Entry } from '../store/change.ts';
import { type Access, fusedByModel, type Identity, type KeptTemplate, protect } from '../store/records.ts';
import type { Store } from '../store/store.ts';

const DAY = 86_400_000;
const SALT = 16;

/** The consent of rendered people never expires. */
const NEVER = '9999-12-31T00:00:00.000Z';

const invalid = (message: string): GalleryError => new GalleryError('invalid-person', message);

const NAME_PROBLEMS: Readonly<Record<NameProblem, string>> = {
  'name-missing': 'A person without a name that can be seen cannot be saved. Enter a name.',
  'name-too-long': `A name takes at most ${PEOPLE.name.max} characters. Shorten it.`,
};

/** @throws GalleryError `invalid-person` */
export function keptName(name: string): string {
  const problem = nameProblem(name);
  if (problem) throw invalid(NAME_PROBLEMS[problem]);
  return cleanName(name);
}

/** @throws GalleryError `invalid-person` */
export function keptNote(note: string): string {
  if (isNoteTooLong(note))
    throw invalid(`A note takes at most ${PEOPLE.note.max} characters, so it was not saved. Shorten it.`);
  return cleanNote(note);
}

/** The consent as it is kept, with its end. */
export function keptConsent(
  { version, givenAt, language, expiresAt, by }: Consent,
  demo: boolean,
): Identity['consent'] {
  const given = Date.parse(givenAt);
  if (version.length === 0 || Number.isNaN(given))
    throw invalid('The consent has no version or no date, so nothing was saved. Ask for it again.');
  const end = demo ? NEVER : (expiresAt ?? new Date(given + PEOPLE.retentionDays * DAY).toISOString());
  if (Number.isNaN(Date.parse(end))) throw invalid('The consent ends at a date that is none.');
  return {
    version,
    givenAt: new Date(given).toISOString(),
    ...(language === undefined ? {} : { language }),
    expiresAt: new Date(end).toISOString(),
    ...(by === undefined ? {} : { by }),
  };
}

/** A consent that is given now: its own dates come from a clock, and count as long as that is believed. */
export function datedConsent(store: Store, consent: Consent): Consent {
  const { time } = store.storage.record;
  if (!time.doubt()) return consent;
  const { expiresAt } = consent;
  const length = expiresAt === undefined ? null : Date.parse(expiresAt) - Date.parse(consent.givenAt);
  const end = length === null ? {} : { expiresAt: new Date(time.now() + length).toISOString() };
  return { ...consent, givenAt: time.date(), ...end };
}

/**
 * Turns embeddings into what is kept: one template for each model.
 *
 * @param before templates that the pictures are added to
 * @throws GalleryError `invalid-person` where one is no embedding, or they contradict each other
 */
export async function keptTemplates(
  store: Store,
  templates: readonly Template[],
  before: readonly KeptTemplate[] = [],
): Promise<readonly KeptTemplate[]> {
  if (templates.length > GALLERY.maxTemplates)
    throw invalid(`A person has at most ${GALLERY.maxTemplates} pictures. Enrol them anew instead.`);
  const fresh = await Promise.all(
    templates.map(async (template) => {
      if (!isUnit(template.embedding) || !/^[0-9a-f]{64}$/.test(template.modelHash))
        throw invalid('A picture gave no usable template, so nothing was saved. Take the pictures again.');
      const transform = await store.installation.transform(store.epoch, template.embedding.length);
      return protect({ ...template, createdAt: new Date(template.createdAt).toISOString() }, transform);
    }),
  );
  try {
    return fusedByModel([...before, ...fresh], GALLERY.maxTemplates - 1);
  } catch (error) {
    throw new GalleryError(
      'invalid-person',
      'The pictures contradict each other, so nothing was saved. Take them again, of one person alone.',
      error,
    );
  }
}

const TELEPHONE_PROBLEMS: Readonly<Record<TelephoneProblem, string>> = {
  'telephone-symbols':
    'The telephone number holds something other than digits, which the kiosk’s keypad cannot type. Enter digits alone.',
  'telephone-too-short': 'The telephone number has too few digits. Enter it with its area code.',
  'telephone-too-long': 'The telephone number has too many digits. Check it.',
};

const tagOf = async (store: Store, digits: string, epoch: number): Promise<string> =>
  toHex(await store.installation.epochDigest(epoch, 'telephone', utf8(digits)));

/** Whose number this is, as only this device can compute it, until the next re-key. Hex. */
export const telephoneTag = (store: Store, telephone: string, epoch = store.epoch): Promise<string> =>
  tagOf(store, normalTelephone(telephone), epoch);

/** Every tag under which a record of this number may stand: older records were not saved under the normal form. */
export const telephoneTags = (store: Store, telephone: string): Promise<readonly string[]> =>
  Promise.all(telephoneForms(telephone).map((digits) => tagOf(store, digits, store.epoch)));

/** A PIN as it is kept. @param rounds of PBKDF2 */
export async function keptPin(store: Store, pin: string, rounds: number): Promise<Omit<Access, 'tag'>> {
  const salt = randomBytes(SALT);
  const { installation } = store;
  const hash = await installation.pinDigest(await stretch(normalPin(pin), salt, rounds));
  return { salt: toBase64(salt), hash: toBase64(hash), rounds, pepper: installation.pinPepperId };
}

/** @throws GalleryError `invalid-person` where the kiosk's keypad could not type the number or the PIN */
export async function keptAccess(
  store: Store,
  { telephone, pin }: TelephoneAccess,
  rounds: number,
): Promise<Access> {
  const problem = telephoneProblem(telephone);
  if (problem) throw invalid(TELEPHONE_PROBLEMS[problem]);
  const { min, max } = PEOPLE.customerPin;
  if (!isStrongPin(pin, PEOPLE.customerPin))
    throw invalid(
      `The PIN takes ${min} to ${max} digits, neither a run such as 1234 nor a repetition such as 1212.`,
    );
  return { tag: await telephoneTag(store, telephone), ...(await keptPin(store, pin, rounds)) };
}

/** Whether it is the PIN, as far as this installation can tell: one that another hashed fits nothing here. */
export async function pinFits(
  store: Store,
  pin: string,
  { salt, hash, rounds, pepper }: Omit<Access, 'tag'>,
): Promise<boolean> {
  const stretched = await stretch(normalPin(pin), fromBase64(salt), rounds);
  const digest = pepper === undefined ? stretched : await store.installation.pinDigest(stretched);
  return equalBytes(digest, fromBase64(hash));
}

/** Whether the PIN was hashed with another installation's key, so that it has to be set anew here. */
export const isForeignPin = (store: Store, { pepper }: Pick<Access, 'pepper'>): boolean =>
  pepper !== undefined && pepper !== store.installation.pinPepperId;

/** @throws GalleryError `access-taken` where the number is somebody else's */
export async function requireFree(store: Store, telephone: string, except?: string): Promise<void> {
  const tags = new Set(await telephoneTags(store, telephone));
  for (const { id, identity } of store.people.values())
    if (id !== except && identity.access && tags.has(identity.access.tag))
      throw new GalleryError(
        'access-taken',
        'This telephone number belongs to another person in the gallery. Check the number.',
      );
}

export function newIdentity(person: NewPerson, access: Access | null, at: string): Identity {
  return {
    name: keptName(person.name),
    enrolledAt: at,
    changedAt: at,
    consent: keptConsent(person.consent, person.demo ?? false),
    templates: marks(person.templates),
    visits: 0,
    lastVisit: null,
    previousVisit: null,
    savedFrames: [],
    access,
    ...(person.lookAlikes?.length ? { lookAlikes: person.lookAlikes } : {}),
  };
}

/** The identity with one more person who looks like this one. */
export const withLookAlike = (identity: Identity, other: string): Identity => ({
  ...identity,
  lookAlikes: [...new Set([...(identity.lookAlikes ?? []), other])],
});

/** Model and date of each picture: pictures are counted by them, since their templates are fused into one. */
export const marks = (templates: readonly TemplateMark[]): Identity['templates'] =>
  templates.map(({ modelHash, createdAt }) => ({
    modelHash,
    createdAt: new Date(createdAt).toISOString(),
  }));

/** zod's optional members carry `undefined`; ours are absent. */
const consentOf = ({ language, by, ...consent }: Identity['consent']): Consent => ({
  ...consent,
  ...(language === undefined ? {} : { language }),
  ...(by === undefined ? {} : { by }),
});

export const personOf = ({ id, demo, identity }: Entry): Person => ({
  id,
  name: identity.name,
  enrolledAt: identity.enrolledAt,
  consent: consentOf(identity.consent),
  templates: identity.templates,
  demo,
  ...(identity.lookAlikes ? { lookAlikes: identity.lookAlikes } : {}),
});

export const pageOf = ({ id, demo, identity }: Entry): CustomerPage => ({
  id,
  name: identity.name,
  enrolledAt: identity.enrolledAt,
  demo,
  consent: consentOf(identity.consent),
  visits: identity.visits,
  lastVisit: identity.previousVisit,
  savedFrames: identity.savedFrames,
  hasFace: identity.templates.length > 0,
  hasPin: identity.access !== null,
});
