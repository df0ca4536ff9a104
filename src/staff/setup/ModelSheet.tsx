import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstalledModel } from '../../state/engine/model-choice.ts';
import { peopleOf } from '../../state/engine/people.ts';
import { useHealth, useKiosk, usePeople } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatNumber } from '../../ui/i18n/index.ts';
import { Button, Choice, Dialog } from '../../ui/index.ts';
import { usePinAgain } from '../parts/AskPin.tsx';
import { ActOutcome } from '../parts/Outcome.tsx';
import { Section } from '../parts/Section.tsx';
import { useAct } from '../parts/use-act.ts';

/** Which recogniser the kiosk runs, and the change to another one, which costs everybody a new picture. */
export function ModelSheet() {
  const { t } = useTranslation();
  const { recogniserChange } = useKiosk();
  const model = useHealth((state) => state.model);
  const [installed, setInstalled] = useState<readonly InstalledModel[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const { act, busy, run, clear } = useAct();
  const pinAgain = usePinAgain();
  useEffect(() => {
    // Without the list there is nothing to choose; health says why no model runs.
    recogniserChange.installed().then(setInstalled, () => {});
  }, [recogniserChange]);
  const mine = model?.kept?.name ?? model?.name ?? null;
  const other = (chosen !== mine && installed.find(({ name }) => name === chosen)) || null;
  return (
    <Section title={t('staff.model.title')} lead={t('staff.model.lead')}>
      <div className="sheet__form" data-testid={STAFF_IDS.setUpModel} data-model={mine ?? undefined}>
        {mine !== null && installed.length > 1 ? (
          <Choice
            label={t('staff.model.choose')}
            value={chosen ?? mine}
            options={installed.map((one) => ({
              value: one.name,
              label: <ModelName {...one} mine={one.name === mine} />,
            }))}
            onChange={(name) => {
              clear();
              setChosen(name);
            }}
            testId={STAFF_IDS.setUpModelChoice}
          />
        ) : (
          <p>{mine === null ? t('staff.model.none') : t('staff.model.only', { name: mine })}</p>
        )}
        {model?.because === 'address' && (
          <p className="notice">{t('health.modelWhy.address', { name: mine ?? '' })}</p>
        )}
        {other && (
          <Button disabled={busy} onClick={() => setAsking(true)} data-testid={STAFF_IDS.setUpModelChange}>
            {t('staff.model.change')}
          </Button>
        )}
        <ActOutcome act={act} busy={t('staff.busy')} done={t('staff.model.done')} />
        {pinAgain.dialog}
        {asking && other && (
          <ChangeDialog
            from={mine ?? ''}
            to={other}
            onClose={() => setAsking(false)}
            onChange={() => {
              setAsking(false);
              pinAgain.ask(() => void run(() => recogniserChange.use(other.name)));
            }}
          />
        )}
      </div>
    </Section>
  );
}

/** With how long a decision took with it at set-up, where it was timed, and whether it is too large for this device. */
function ModelName({ name, tooLarge, mine }: InstalledModel & { readonly mine: boolean }) {
  const { t, i18n } = useTranslation();
  const measured = useHealth(({ model }) => model?.kept?.measured.find((one) => one.name === name));
  return (
    <span>
      {name}
      {mine && ` (${t('staff.model.now')})`}
      {tooLarge && ` · ${t('staff.model.tooLarge')}`}
      {measured &&
        ` · ${t('staff.model.time', { seconds: formatNumber(measured.milliseconds / 1_000, i18n.language, 1) })}`}
    </span>
  );
}

interface ChangeDialogProps {
  readonly from: string;
  readonly to: InstalledModel;
  readonly onClose: () => void;
  readonly onChange: () => void;
}

/** What the change means for whoever is enrolled, before it is asked for the PIN. */
function ChangeDialog({ from, to, onClose, onChange }: ChangeDialogProps) {
  const { t } = useTranslation();
  const faces = peopleOf(usePeople()).filter(({ templates }) => templates.length > 0).length;
  return (
    <Dialog
      title={t('staff.model.ask', { to: to.name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('people.cancel')}</Button>
          <Button look="danger" onClick={onChange} data-testid={STAFF_IDS.setUpModelConfirm}>
            {t('staff.model.change')}
          </Button>
        </>
      }
    >
      {to.tooLarge && <p className="notice">{t('staff.model.slow', { to: to.name })}</p>}
      {faces > 0 && (
        <>
          <p>{t('staff.model.means', { count: faces })}</p>
          <p>{t('staff.model.back', { from })}</p>
        </>
      )}
      <p>{t('staff.model.network')}</p>
    </Dialog>
  );
}
