import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SetUpProof } from '../../state/staff/set-up-code.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button, TextField } from '../../ui/index.ts';
import { BackupPicker } from '../parts/BackupPicker.tsx';

interface BackupProofProps {
  readonly problem: string | null;
  readonly onProof: (proof: SetUpProof) => void;
  readonly onBack: () => void;
}

/** After a loss: a backup of this kiosk and its passphrase take the set-up code's place. */
export function BackupProof({ problem, onProof, onBack }: BackupProofProps) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  function send(event: FormEvent) {
    event.preventDefault();
    if (file) onProof({ kind: 'backup', file, passphrase });
  }
  return (
    <form className="sheet__form backup-proof" noValidate onSubmit={send}>
      <BackupPicker file={file} onPick={setFile} />
      <TextField
        secret
        label={t('staff.backup.passphrase')}
        problem={problem ?? undefined}
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
        data-testid={STAFF_IDS.restorePassphrase}
      />
      <Button
        submit
        look="primary"
        size="large"
        disabled={!file || passphrase === ''}
        data-testid={STAFF_IDS.backupProof}
      >
        {t('staff.first.next')}
      </Button>
      <Button look="quiet" onClick={onBack}>
        {t('staff.first.byCode')}
      </Button>
    </form>
  );
}
