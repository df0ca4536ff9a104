import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupPreview, RestoreMode } from '../../gallery/contract/backup.ts';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button, TextField } from '../../ui/index.ts';
import { usePinAgain } from '../parts/AskPin.tsx';
import { BackupPicker } from '../parts/BackupPicker.tsx';
import { ActOutcome } from '../parts/Outcome.tsx';
import { Section } from '../parts/Section.tsx';
import { useAct } from '../parts/use-act.ts';
import { RestorePreview } from './RestorePreview.tsx';

/** Reads a backup, shows what it would change, and restores it after confirmation. */
export function RestoreSection() {
  const { t } = useTranslation();
  const { staffRecords } = useKiosk();
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [preview, setPreview] = useState<BackupPreview | null>(null);
  const reading = useAct();
  const restoring = useAct();
  const pinAgain = usePinAgain();
  const busy = reading.busy || restoring.busy;
  function look(event: FormEvent) {
    event.preventDefault();
    if (!file) return;
    restoring.clear();
    setPreview(null);
    void reading.run(async (onProgress) => {
      setPreview(await staffRecords.ask((desk) => desk.previewBackup(file, passphrase, onProgress)));
    });
  }
  async function restore(mode: RestoreMode) {
    if (!file) return;
    const done = await restoring.run((onProgress, signal) =>
      staffRecords.change((desk) => desk.restore(file, passphrase, mode, onProgress, signal)),
    );
    if (!done) return;
    setPreview(null);
    setPassphrase('');
    reading.clear();
  }
  return (
    <Section title={t('staff.restore.title')} lead={t('staff.restore.lead')}>
      <form className="sheet__form" noValidate onSubmit={look}>
        <BackupPicker
          file={file}
          disabled={busy}
          onPick={(picked) => {
            setPreview(null);
            reading.clear();
            setFile(picked);
          }}
        />
        <TextField
          secret
          label={t('staff.backup.passphrase')}
          value={passphrase}
          disabled={busy}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          data-testid={STAFF_IDS.restorePassphrase}
        />
        <Button submit disabled={!file || passphrase === '' || busy} data-testid={STAFF_IDS.restorePreview}>
          {t('staff.restore.preview')}
        </Button>
        {!preview && <ActOutcome act={reading.act} busy={t('staff.restore.reading')} done="" />}
      </form>
      {preview && (
        <RestorePreview
          preview={preview}
          busy={busy}
          onRestore={(mode) => pinAgain.ask(() => void restore(mode))}
        />
      )}
      {pinAgain.dialog}
      <ActOutcome
        act={restoring.act}
        busy={t('staff.restore.writing')}
        done={t('staff.restore.done')}
        testId={STAFF_IDS.restoreDone}
        onStop={restoring.stop}
      />
    </Section>
  );
}
