import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupPreview, RestoreMode } from '../../gallery/contract/backup.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatDate } from '../../ui/i18n/index.ts';
import { Button, Tick } from '../../ui/index.ts';
import { NeedsNote } from '../parts/NeedsNote.tsx';
import { Policy } from '../parts/Policy.tsx';

interface RestorePreviewProps {
  readonly preview: BackupPreview;
  readonly busy: boolean;
  readonly onRestore: (mode: RestoreMode) => void;
}

/** The figures of the preview that matter for each kind of restore. */
const COUNTS = {
  merge: ['added', 'updated', 'unchanged', 'expired', 'withdrawn', 'withdrawnElsewhere', 'pinsToSet'],
  replace: [
    'added',
    'updated',
    'unchanged',
    'removedByReplace',
    'expired',
    'withdrawn',
    'withdrawnElsewhere',
    'pinsToSet',
  ],
} as const;

const MODES = [
  { mode: 'merge', testId: STAFF_IDS.restoreMerge },
  { mode: 'replace', testId: STAFF_IDS.restoreReplace },
] as const;

/** What a backup holds, and what a restore would change. */
export function RestorePreview({ preview, busy, onRestore }: RestorePreviewProps) {
  const { t, i18n } = useTranslation();
  const [mode, setMode] = useState<RestoreMode>('merge');
  const [known, setKnown] = useState(false);
  const sheet = useRef<HTMLDivElement>(null);
  useEffect(() => {
    sheet.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const date = formatDate(preview.madeAt, i18n.language);
  const removing = mode === 'replace' && preview.removedByReplace > 0;
  return (
    <div ref={sheet} className="preview">
      <p>{t('staff.restore.holds', { count: preview.people, date })}</p>
      {preview.logHeld === false && (
        <p className="notice notice--alert" role="alert" data-testid={STAFF_IDS.restoreLogGone}>
          {t('staff.restore.logGone')}
        </p>
      )}
      <fieldset className="policies" aria-label={t('staff.restore.how')}>
        {MODES.map(({ mode: one, testId }) => (
          <Policy
            key={one}
            name="restore-mode"
            checked={one === mode}
            disabled={busy}
            title={t(`staff.restore.${one}.title`)}
            onChange={() => setMode(one)}
            data-testid={testId}
          >
            <span className="policy__detail">{t(`staff.restore.${one}.detail`)}</span>
          </Policy>
        ))}
      </fieldset>
      <dl
        className="facts-list"
        data-testid={STAFF_IDS.restoreCounts}
        data-added={preview.added}
        data-updated={preview.updated}
        data-withdrawn={preview.withdrawn}
        data-removed={preview.removedByReplace}
      >
        {COUNTS[mode]
          .filter((name) => preview[name] > 0)
          .map((name) => (
            <div key={name}>
              <dt>{t(`staff.restore.counts.${name}`)}</dt>
              <dd>{t('people.count', { count: preview[name] })}</dd>
            </div>
          ))}
      </dl>
      <NeedsNote needs={preview.needs} />
      {removing && (
        <Tick
          checked={known}
          onChange={(event) => setKnown(event.currentTarget.checked)}
          data-testid={STAFF_IDS.restoreKnown}
        >
          {t('staff.restore.removes', { count: preview.removedByReplace })}
        </Tick>
      )}
      <Button
        look={removing ? 'danger' : 'primary'}
        disabled={busy || (removing && !known)}
        onClick={() => onRestore(mode)}
        data-testid={STAFF_IDS.restoreStart}
      >
        {t(`staff.restore.${mode}.action`)}
      </Button>
    </div>
  );
}
