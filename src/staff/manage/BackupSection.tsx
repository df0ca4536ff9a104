import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isStrongPassphrase } from '@rounz/core/people/pin.ts';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button, TextField } from '../../ui/index.ts';
import { usePinAgain } from '../parts/AskPin.tsx';
import { dated } from '../parts/download.ts';
import { ActOutcome } from '../parts/Outcome.tsx';
import { SavedNotice } from '../parts/SavedNotice.tsx';
import { Section } from '../parts/Section.tsx';
import { pickPlace, type SavedFile, save } from '../parts/save.ts';
import { useAct } from '../parts/use-act.ts';

type Problem = 'short' | 'differs';

/** Makes a backup: one encrypted file with all people. */
export function BackupSection() {
  const { t } = useTranslation();
  const { staffRecords, upkeep, clock } = useKiosk();
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const { act, busy, run, stop } = useAct();
  const pinAgain = usePinAgain();
  const [saved, setSaved] = useState<SavedFile | null>(null);
  function make(event: FormEvent) {
    event.preventDefault();
    const wrong = !isStrongPassphrase(passphrase, PEOPLE.passphrase)
      ? 'short'
      : passphrase === again
        ? null
        : 'differs';
    setProblem(wrong);
    if (wrong) return;
    pinAgain.ask(
      () =>
        void run(async (onProgress, signal) => {
          const name = dated('rounz-backup', 'rounz', clock);
          const place = await pickPlace(name);
          const file = await staffRecords.ask((desk) => desk.backup(passphrase, onProgress, signal));
          setSaved(await save(file, name, place, clock));
          upkeep.backedUp();
          setPassphrase('');
          setAgain('');
        }),
    );
  }
  return (
    <Section title={t('staff.backup.title')} lead={t('staff.backup.lead')}>
      <form className="sheet__form" noValidate onSubmit={make}>
        <TextField
          secret
          label={t('staff.backup.passphrase')}
          help={t('staff.backup.help', PEOPLE.passphrase)}
          problem={problem === 'short' ? t('staff.backup.short', PEOPLE.passphrase) : undefined}
          value={passphrase}
          autoComplete="new-password"
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          data-testid={STAFF_IDS.backupPassphrase}
        />
        <TextField
          secret
          label={t('staff.backup.again')}
          problem={problem === 'differs' ? t('staff.backup.differs') : undefined}
          value={again}
          autoComplete="new-password"
          onChange={(event) => setAgain(event.currentTarget.value)}
          data-testid={STAFF_IDS.backupAgain}
        />
        <Button submit disabled={busy} data-testid={STAFF_IDS.backupMake}>
          {t('staff.backup.make')}
        </Button>
        {act.kind !== 'done' && (
          <ActOutcome onStop={stop} act={act} busy={t('staff.backup.making')} done="" />
        )}
        {act.kind === 'done' && saved && (
          <SavedNotice saved={saved} downloaded={t('staff.backup.done')} testId={STAFF_IDS.backupDone} />
        )}
      </form>
      {pinAgain.dialog}
    </Section>
  );
}
