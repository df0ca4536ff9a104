import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Needs } from '../../gallery/contract/backup.ts';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, Dialog } from '../../ui/index.ts';
import { usePinAgain } from '../parts/AskPin.tsx';
import { NeedsNote } from '../parts/NeedsNote.tsx';
import { ActOutcome } from '../parts/Outcome.tsx';
import { Section } from '../parts/Section.tsx';
import { useAct } from '../parts/use-act.ts';

/** Makes new keys for all records, after a theft or on a schedule. */
export function RekeySection() {
  const { t } = useTranslation();
  const { staffRecords } = useKiosk();
  const [asking, setAsking] = useState(false);
  const [needs, setNeeds] = useState<Needs | null>(null);
  const { act, busy, run, stop } = useAct();
  const pinAgain = usePinAgain();
  function ask() {
    setNeeds(null);
    setAsking(true);
    // Without it the question is asked all the same.
    staffRecords.ask((desk) => desk.rekeyNeeds()).then(setNeeds, () => {});
  }
  function start() {
    setAsking(false);
    pinAgain.ask(
      () => void run((onProgress, signal) => staffRecords.change((desk) => desk.rekey(onProgress, signal))),
    );
  }
  return (
    <Section title={t('staff.rekey.title')} lead={t('staff.rekey.lead')}>
      <Button icon="again" disabled={busy} onClick={ask} data-testid={STAFF_IDS.rekey}>
        {t('staff.rekey.action')}
      </Button>
      <ActOutcome
        act={act}
        busy={t('staff.rekey.working')}
        done={t('staff.rekey.done')}
        testId={STAFF_IDS.rekeyDone}
        onStop={stop}
      />
      {pinAgain.dialog}
      {asking && (
        <Dialog
          title={t('staff.rekey.ask')}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{t('people.cancel')}</Button>
              <Button look="primary" onClick={start} data-testid={TEST_IDS.confirmDelete}>
                {t('staff.rekey.action')}
              </Button>
            </>
          }
        >
          <p>{t('staff.rekey.detail')}</p>
          {needs && <NeedsNote needs={needs} />}
        </Dialog>
      )}
    </Section>
  );
}
