import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button } from '../../ui/index.ts';
import { ActOutcome } from '../parts/Outcome.tsx';
import { Section } from '../parts/Section.tsx';
import { useAct } from '../parts/use-act.ts';
import { AccessFields } from './AccessFields.tsx';
import { accessProblems, hasProblem, NO_PROBLEMS } from './access.ts';

/** Access to the page without a face. */
export function AccessSection({ person: { id, telephone: kept } }: { readonly person: StaffPerson }) {
  const { t } = useTranslation();
  const { staffRecords } = useKiosk();
  const [telephone, setTelephone] = useState(kept ?? '');
  const [pin, setPin] = useState('');
  const [problems, setProblems] = useState(NO_PROBLEMS);
  const { act, busy, run } = useAct();
  function save(event: FormEvent) {
    event.preventDefault();
    const wrong = accessProblems(telephone, pin);
    setProblems(wrong);
    if (hasProblem(wrong)) return;
    setPin('');
    void run(() => staffRecords.changePerson(id, (desk) => desk.setAccess(id, { telephone, pin })));
  }
  function remove() {
    setTelephone('');
    void run(() => staffRecords.changePerson(id, (desk) => desk.setAccess(id, null)));
  }
  return (
    <Section title={t('staff.access.title')} lead={t(kept ? 'staff.access.set' : 'staff.access.unset')}>
      <form className="sheet__form" noValidate onSubmit={save}>
        <AccessFields
          telephone={telephone}
          pin={pin}
          problems={problems}
          onTelephone={setTelephone}
          onPin={setPin}
        />
        <div className="sheet__actions">
          <Button submit disabled={busy} data-testid={STAFF_IDS.telephoneSave}>
            {t('staff.access.save')}
          </Button>
          {kept && (
            <Button look="quiet" disabled={busy} onClick={remove} data-testid={STAFF_IDS.telephoneRemove}>
              {t('staff.access.remove')}
            </Button>
          )}
        </div>
        <ActOutcome act={act} busy={t('staff.busy')} done={t('staff.saved')} />
      </form>
    </Section>
  );
}
