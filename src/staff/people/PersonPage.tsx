import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import { useKiosk, useStaffRecords } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatDate } from '../../ui/i18n/index.ts';
import { Button } from '../../ui/index.ts';
import { Section } from '../parts/Section.tsx';
import { AccessSection } from './AccessSection.tsx';
import { FaceSection } from './FaceSection.tsx';
import { MergeSection } from './MergeSection.tsx';
import { RemoveSection } from './RemoveSection.tsx';
import { UndoCard } from './UndoSection.tsx';
import { useConsentOutdated } from './useConsentOutdated.ts';
import { NameSection, NoteSection } from './WordSections.tsx';

interface PersonProps {
  readonly person: StaffPerson;
}

/** What staff may see and change of one person. */
export function PersonPage({ person }: PersonProps) {
  const { t, i18n } = useTranslation();
  const { staffRecords } = useKiosk();
  const { name, enrolledAt, demo, visits, lastVisit } = person;
  const date = (iso: string) => formatDate(iso, i18n.language);
  // What was undone or merged has to be read into the fields again.
  const [changes, setChanges] = useState(0);
  const readAgain = () => setChanges(changes + 1);
  const last = useStaffRecords(({ undoable }) =>
    undoable.find((act) => act.person === person.id && act.action !== 'removed'),
  );
  return (
    <article className="person" data-testid={STAFF_IDS.personPage} data-person={person.id}>
      <Button look="quiet" onClick={() => staffRecords.select(null)} data-testid={STAFF_IDS.back}>
        <span aria-hidden="true">‹</span> {t('staff.person.back')}
      </Button>
      <header className="person__head">
        <h2 className="person__name" data-testid={STAFF_IDS.personName}>
          {name}
          {demo && <span className="tag">{t('people.demo')}</span>}
        </h2>
        <p className="staff__lead">
          {t('staff.list.enrolled', { date: date(enrolledAt) })} ·{' '}
          {lastVisit
            ? t('staff.person.visits', { count: visits, date: date(lastVisit) })
            : t('staff.person.noVisit')}
        </p>
      </header>
      {last && (
        <ul className="cards">
          <UndoCard key={last.id} act={last} onUndone={readAgain} />
        </ul>
      )}
      <FaceSection person={person} />
      <NameSection key={`name-${changes}`} person={person} />
      <NoteSection key={`note-${changes}`} person={person} />
      <AccessSection key={`access-${changes}`} person={person} />
      <ConsentSection person={person} />
      <MergeSection person={person} onMerged={readAgain} />
      <RemoveSection person={person} />
    </article>
  );
}

function ConsentSection({ person }: PersonProps) {
  const { t, i18n } = useTranslation();
  const { enrolment } = useKiosk();
  const { version, givenAt, language, expiresAt, by } = person.consent;
  const outdated = useConsentOutdated(person);
  if (person.demo) return null;
  function renew() {
    enrolment.beginFor('renew', person);
    window.location.hash = '#/staff/enrol';
  }
  return (
    <Section title={t('staff.person.consent')} lead={t('staff.person.consentLead')}>
      <dl className="facts-list">
        <div>
          <dt>{t('staff.person.consentGiven')}</dt>
          <dd>{formatDate(givenAt, i18n.language)}</dd>
        </div>
        <div>
          <dt>{t('staff.person.consentUntil')}</dt>
          <dd data-testid={STAFF_IDS.consentUntil} data-until={expiresAt}>
            {expiresAt && formatDate(expiresAt, i18n.language)}
          </dd>
        </div>
        <div>
          <dt>{t('staff.person.consentVersion')}</dt>
          <dd>{language ? `${version} (${language})` : version}</dd>
        </div>
      </dl>
      {by === 'guardian' && <p className="sheet__lead">{t('staff.person.consentGuardian')}</p>}
      {outdated && <p className="notice">{t('staff.person.consentOutdated')}</p>}
      <Button icon="again" onClick={renew} data-testid={STAFF_IDS.renewConsent}>
        {t('staff.person.renew')}
      </Button>
    </Section>
  );
}
