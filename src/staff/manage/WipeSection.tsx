import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button } from '../../ui/index.ts';
import { usePinAgain } from '../parts/AskPin.tsx';
import { ActOutcome } from '../parts/Outcome.tsx';
import { Section } from '../parts/Section.tsx';
import { useAct } from '../parts/use-act.ts';
import { ConfirmDialog } from '../people/ConfirmDialog.tsx';

/** Erases everything, before the kiosk is sold, lent or moved. */
export function WipeSection() {
  const { t } = useTranslation();
  const { staffRecords } = useKiosk();
  const [asking, setAsking] = useState(false);
  const word = t('staff.wipe.word');
  const { act, run } = useAct();
  const pinAgain = usePinAgain();
  async function wipe() {
    await staffRecords.ask((desk) => desk.wipe());
    // The gallery is closed: the kiosk starts empty.
    window.location.hash = '#/';
    window.location.reload();
  }
  return (
    <Section title={t('staff.wipe.title')} lead={t('staff.wipe.lead')} danger>
      <Button look="danger" icon="trash" onClick={() => setAsking(true)} data-testid={STAFF_IDS.wipe}>
        {t('staff.wipe.action')}
      </Button>
      <ActOutcome act={act} busy={t('staff.busy')} done="" />
      {pinAgain.dialog}
      {asking && (
        <ConfirmDialog
          title={t('staff.wipe.ask')}
          detail={t('staff.wipe.detail')}
          confirm={t('staff.wipe.action')}
          typed={{ word, label: t('staff.wipe.type', { word }), testId: STAFF_IDS.wipeWord }}
          act={async () => pinAgain.ask(() => void run(wipe))}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  );
}
