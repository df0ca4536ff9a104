import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';
import { Policy } from '../parts/Policy.tsx';
import { Section } from '../parts/Section.tsx';
import { ConfirmDialog } from './ConfirmDialog.tsx';

const WAYS = ['removed', 'asked'] as const;
type Way = (typeof WAYS)[number];

/** Erases a person: at once and for good where they ask for it, else so that a mistake can be undone for a day. */
export function RemoveSection({ person }: { readonly person: StaffPerson }) {
  const { t } = useTranslation();
  const { staffRecords } = useKiosk();
  const [asking, setAsking] = useState(false);
  const [way, setWay] = useState<Way>('removed');
  const erase = () =>
    staffRecords.change((desk) => (way === 'asked' ? desk.withdraw(person.id) : desk.remove(person.id)));
  return (
    <Section title={t('staff.person.withdraw')} lead={t('staff.person.withdrawLead')} danger>
      <Button look="danger" icon="trash" onClick={() => setAsking(true)} data-testid={TEST_IDS.personDelete}>
        {t('staff.person.withdrawAction')}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t('people.confirmTitle', { name: person.name })}
          detail={t('people.confirmDetail')}
          confirm={t(`staff.remove.${way}.action`)}
          act={erase}
          onClose={() => setAsking(false)}
        >
          <fieldset className="policies" aria-label={t('staff.remove.why')}>
            {WAYS.map((one) => (
              <Policy
                key={one}
                name="remove"
                checked={one === way}
                title={t(`staff.remove.${one}.title`)}
                onChange={() => setWay(one)}
                data-testid={STAFF_IDS.removeWay}
                data-way={one}
              >
                <span className="policy__detail">{t(`staff.remove.${one}.detail`)}</span>
              </Policy>
            ))}
          </fieldset>
        </ConfirmDialog>
      )}
    </Section>
  );
}
