import { useTranslation } from 'react-i18next';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatDate } from '../../ui/i18n/index.ts';
import { Button } from '../../ui/index.ts';
import { useConsentOutdated } from './useConsentOutdated.ts';

export function PersonRow({ person }: { readonly person: StaffPerson }) {
  const { t, i18n } = useTranslation();
  const { staffRecords } = useKiosk();
  const { id, name, enrolledAt, demo, note } = person;
  return (
    <li className="card" data-testid={TEST_IDS.person} data-person={id} data-name={name}>
      <div className="card__words">
        <p className="card__title">
          {name}
          {demo && <span className="tag">{t('people.demo')}</span>}
          <StaleTag person={person} />
          {useConsentOutdated(person) && (
            <span className="tag tag--alert" data-testid={STAFF_IDS.consentOutdated}>
              {t('staff.list.consentOutdated')}
            </span>
          )}
        </p>
        <p className="card__detail">
          {t('staff.list.enrolled', { date: formatDate(enrolledAt, i18n.language) })}
          {person.visits > 0 && <> · {t('staff.list.visits', { count: person.visits })}</>}
        </p>
        {note && <p className="card__detail card__detail--note">{note}</p>}
      </div>
      <Button
        aria-label={t('staff.list.openLabel', { name })}
        onClick={() => staffRecords.select(id)}
        data-testid={STAFF_IDS.open}
      >
        {t('staff.list.open')}
      </Button>
    </li>
  );
}

/** Why the running model cannot recognise this person. */
function StaleTag({ person }: { readonly person: StaffPerson }) {
  const { t } = useTranslation();
  if (person.currentTemplates > 0) return null;
  if (person.oldTemplates === 0) return <span className="tag">{t('staff.list.faceless')}</span>;
  return <span className="tag tag--alert">{t('staff.list.stale')}</span>;
}
