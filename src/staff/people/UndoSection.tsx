import { useTranslation } from 'react-i18next';
import type { UndoableAct } from '../../gallery/contract/undo.ts';
import { useKiosk, useStaffRecords } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatMoment } from '../../ui/i18n/index.ts';
import { Button } from '../../ui/index.ts';
import { ActOutcome } from '../parts/Outcome.tsx';
import { useAct } from '../parts/use-act.ts';

/** Staff's acts that can be undone: removals and merges of the last day, and the last change. Nothing where there are none. */
export function UndoSection() {
  const { t } = useTranslation();
  const acts = useStaffRecords(({ undoable }) => undoable);
  if (acts.length === 0) return null;
  return (
    <section className="undo" data-testid={STAFF_IDS.undoable}>
      <h2 className="staff__heading">{t('staff.undo.title')}</h2>
      <p className="staff__note">{t('staff.undo.lead')}</p>
      <ul className="cards">
        {acts.map((act) => (
          <UndoCard key={act.id} act={act} />
        ))}
      </ul>
    </section>
  );
}

interface UndoCardProps {
  readonly act: UndoableAct;
  readonly onUndone?: () => void;
}

/** One act, with the way to undo it; of a removal also the way to make it final. */
export function UndoCard({ act: { id, action, name, until }, onUndone }: UndoCardProps) {
  const { t, i18n } = useTranslation();
  const { staffRecords } = useKiosk();
  const { act, busy, run } = useAct();
  async function undo() {
    if (await run(() => staffRecords.change((desk) => desk.undo(id)))) onUndone?.();
  }
  return (
    <li className="card card--wraps" data-testid={STAFF_IDS.undoCard} data-action={action} data-name={name}>
      <div className="card__words">
        <p className="card__title">
          {t(`staff.undo.act.${action}`)} · {name}
        </p>
        <p className="card__detail">{t('staff.undo.until', { time: formatMoment(until, i18n.language) })}</p>
        <ActOutcome act={act} busy={t('staff.busy')} done="" />
      </div>
      <div className="card__actions">
        {action === 'removed' && (
          <Button
            look="quiet"
            disabled={busy}
            onClick={() => void run(() => staffRecords.change((desk) => desk.forget(id)))}
            data-testid={STAFF_IDS.undoForget}
          >
            {t('staff.undo.forget')}
          </Button>
        )}
        <Button icon="again" disabled={busy} onClick={() => void undo()} data-testid={STAFF_IDS.undo}>
          {t(action === 'removed' ? 'staff.undo.bringBack' : 'staff.undo.undo')}
        </Button>
      </div>
    </li>
  );
}
