import { isUnit } from '@rounz/core/match/score.ts';
import { GALLERY } from './config.ts';
import { equalBytes, fromBase64, randomBytes, toBase64, toHex, utf8 } from './crypto/bytes.ts';
import { isPin, stretch } from './crypto/passwords.ts';
import { GalleryError } from './errors.ts';
import { type Access, type Identity, type KeptTemplate, protect } from './store/records.ts';
import type { Entry, Store } from './store/store.ts';
import type { Consent, CustomerPage, NewPerson, Person, TelephoneAccess, Template } from './types.ts';

const DAY = 86_400_000;
/** fewest digits of a telephone number with its area code */
const TELEPHONE_MIN = 7;
const TELEPHONE_MAX = 15;
const SALT = 16;

/** Consent of people who agree to nothing, for they are drawn, never runs out. */
const NEVER = '9999-12-31T00:00:00.000Z';

const invalid = (message: string): GalleryError => new GalleryError('invalid-person', message);

export function cleanName(name: string): string {
  const clean = name.trim();
  if (clean.length === 0) throw invalid('A person without a name cannot be enrolled. Enter a name.');
  if (clean.length > GALLERY.maxName)
    throw invalid(`A name takes at most ${GALLERY.maxName} characters. Shorten it.`);
  return clean;
}

/** The consent as it is kept, with its end. */
export function keptConsent(
  { version, givenAt, language, expiresAt }: Consent,
  demo: boolean,
): Identity['consent'] {
  const given = Date.parse(givenAt);
  if (version.length === 0 || Number.isNaN(given))
    throw invalid('The consent has no version or no date, so nothing was saved. Ask for it again.');
  const end = demo ? NEVER : (expiresAt ?? new Date(given + GALLERY.retentionDays * DAY).toISOString());
  if (Number.isNaN(Date.parse(end))) throw invalid('The consent ends at a date that is none.');
  return {
    version,
    givenAt: new Date(given).toISOString(),
    ...(language === undefined ? {} : { language }),
    expiresAt: new Date(end).toISOString(),
  };
}

/** Turns embeddings into what is kept. @throws GalleryError `invalid-person` where one is no embedding */
export async function keptTemplates(
  store: Store,
  templates: readonly Template[],
): Promise<readonly KeptTemplate[]> {
  if (templates.length > GALLERY.maxTemplates)
    throw invalid(`A person has at most ${GALLERY.maxTemplates} pictures. Enrol them anew instead.`);
  return Promise.all(
    templates.map(async (template) => {
      if (!isUnit(template.embedding) || !/^[0-9a-f]{64}$/.test(template.modelHash))
        throw invalid('A picture gave no usable template, so nothing was saved. Take the pictures again.');
      const transform = await store.installation.transform(store.epoch, template.embedding.length);
      return protect({ ...template, createdAt: new Date(template.createdAt).toISOString() }, transform);
    }),
  );
}

export const digitsOf = (telephone: string): string => telephone.replace(/\D/g, '');

/** Whose number this is, as only this device can compute it. Hex. */
export const telephoneTag = async (store: Store, telephone: string): Promise<string> =>
  toHex(await store.installation.digest('telephone', utf8(digitsOf(telephone))));

export async function keptAccess(
  store: Store,
  { telephone, pin }: TelephoneAccess,
  rounds: number,
): Promise<Access> {
  const digits = digitsOf(telephone);
  if (digits.length < TELEPHONE_MIN || digits.length > TELEPHONE_MAX)
    throw invalid(`A telephone number takes ${TELEPHONE_MIN} to ${TELEPHONE_MAX} digits.`);
  if (!isPin(pin, GALLERY.customerPin))
    throw invalid(`The PIN takes ${GALLERY.customerPin.min} to ${GALLERY.customerPin.max} digits.`);
  const salt = randomBytes(SALT);
  const hash = await stretch(pin, salt, rounds);
  return {
    tag: await telephoneTag(store, telephone),
    salt: toBase64(salt),
    hash: toBase64(hash),
    rounds,
  };
}

export async function pinFits(pin: string, { salt, hash, rounds }: Access): Promise<boolean> {
  return equalBytes(await stretch(pin, fromBase64(salt), rounds), fromBase64(hash));
}

/** @throws GalleryError `access-taken` where the number is somebody else's */
export function requireFreeTag(store: Store, tag: string, except?: string): void {
  for (const { id, identity } of store.people.values())
    if (id !== except && identity.access?.tag === tag)
      throw new GalleryError(
        'access-taken',
        'This telephone number belongs to another person in the gallery. Check the number.',
      );
}

export function newIdentity(
  person: NewPerson,
  templates: readonly KeptTemplate[],
  access: Access | null,
  at: string,
): Identity {
  return {
    name: cleanName(person.name),
    enrolledAt: at,
    changedAt: at,
    consent: keptConsent(person.consent, person.demo ?? false),
    templates: marks(templates),
    visits: 0,
    lastVisit: null,
    previousVisit: null,
    savedFrames: [],
    access,
  };
}

export const marks = (templates: readonly KeptTemplate[]): Identity['templates'] =>
  templates.map(({ modelHash, createdAt }) => ({ modelHash, createdAt }));

/** zod's optional members carry `undefined`; ours are absent. */
const consentOf = ({ language, ...consent }: Identity['consent']): Consent => ({
  ...consent,
  ...(language === undefined ? {} : { language }),
});

export const personOf = ({ id, demo, identity }: Entry): Person => ({
  id,
  name: identity.name,
  enrolledAt: identity.enrolledAt,
  consent: consentOf(identity.consent),
  templates: identity.templates,
  demo,
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
  hasTelephone: identity.access !== null,
  hasFace: identity.templates.length > 0,
});
