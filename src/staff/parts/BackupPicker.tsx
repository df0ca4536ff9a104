import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { STAFF_IDS } from '../../state/staff-ids.ts';

interface BackupPickerProps {
  readonly file: File | null;
  readonly disabled?: boolean;
  readonly onPick: (file: File | null) => void;
}

/** Chooses a backup's file and names the one that is chosen. */
export function BackupPicker({ file, disabled, onPick }: BackupPickerProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="file">
      <input
        id={id}
        type="file"
        className="visually-hidden file__input"
        disabled={disabled}
        onChange={(event) => onPick(event.currentTarget.files?.[0] ?? null)}
        data-testid={STAFF_IDS.restoreFile}
      />
      <label className="button button--plain" htmlFor={id}>
        {t('staff.restore.choose')}
      </label>
      <span className="file__name">{file?.name ?? t('staff.restore.noFile')}</span>
    </div>
  );
}
