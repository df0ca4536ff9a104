import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button, Icon } from '../../ui/index.ts';
import { Problem } from './Problem.tsx';
import { isThere, removeSaved, type SavedFile } from './save.ts';
import { useAct } from './use-act.ts';

interface SavedNoticeProps {
  readonly saved: SavedFile;
  /** in the words of what was saved, for the download folder */
  readonly downloaded: string;
  readonly testId?: string;
}

/** Says where a file went. Where staff chose the place it can be looked for and removed, once it was copied elsewhere. */
export function SavedNotice({ saved, downloaded, testId }: SavedNoticeProps) {
  const { t } = useTranslation();
  const [state, setState] = useState<'there' | 'gone' | 'removed'>('there');
  const { act, busy, run } = useAct();
  if (!saved.picked)
    return (
      <p className="act act--done" role="status" data-testid={testId}>
        <Icon name="check" />
        {downloaded}
      </p>
    );
  const look = () =>
    run(async () => {
      if ((await isThere(saved)) === false) return setState('gone');
      await removeSaved(saved);
      setState('removed');
    });
  return (
    <div className="act saved" role="status" data-testid={testId} data-saved={state}>
      <p className="act--done">{t(`staff.saveFile.${state}`, { name: saved.name })}</p>
      {state === 'there' && (
        <Button icon="trash" disabled={busy} onClick={() => void look()} data-testid={STAFF_IDS.savedRemove}>
          {t('staff.saveFile.remove')}
        </Button>
      )}
      {act.kind === 'failed' && <Problem failure={act.failure} />}
    </div>
  );
}
