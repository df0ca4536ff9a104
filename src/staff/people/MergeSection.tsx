import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import type { MergePreview } from '../../gallery/contract/undo.ts';
import { useKiosk, useStaffRecords } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatDate } from '../../ui/i18n/index.ts';
import { Button, TextField } from '../../ui/index.ts';
import { usePinAgain } from '../parts/AskPin.tsx';
import { ActOutcome } from '../parts/Outcome.tsx';
import { Section } from '../parts/Section.tsx';
import { useAct } from '../parts/use-act.ts';
import { found } from './search.ts';

/** people offered at once; a search narrows them down */
const OFFERED = 5;

interface MergeProps {
  readonly person: StaffPerson;
  readonly onMerged: () => void;
}

/** Joins another record of the same person to this one. */
export function MergeSection({ person, onMerged }: MergeProps) {
  const { t } = useTranslation();
  const list = useStaffRecords((state) => state.list);
  const [choosing, setChoosing] = useState(false);
  const [other, setOther] = useState<StaffPerson | null>(null);
  const people = list.kind === 'read' ? list.people : [];
  const others = people.filter(({ id, demo }) => id !== person.id && demo === person.demo);
  function merged() {
    setOther(null);
    setChoosing(false);
    onMerged();
  }
  if (others.length === 0) return null;
  return (
    <Section title={t('staff.merge.title')} lead={t('staff.merge.lead', { name: person.name })}>
      {!choosing && (
        <Button icon="staff" onClick={() => setChoosing(true)} data-testid={STAFF_IDS.merge}>
          {t('staff.merge.choose')}
        </Button>
      )}
      {choosing && !other && <Choose people={others} onChoose={setOther} />}
      {other && <Preview person={person} other={other} onBack={() => setOther(null)} onMerged={merged} />}
    </Section>
  );
}

interface ChooseProps {
  readonly people: readonly StaffPerson[];
  readonly onChoose: (other: StaffPerson) => void;
}

function Choose({ people, onChoose }: ChooseProps) {
  const { t, i18n } = useTranslation();
  const [sought, setSought] = useState('');
  const matching = found(people, sought);
  return (
    <div className="sheet__form">
      <TextField
        label={t('staff.list.search')}
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
        data-testid={STAFF_IDS.mergeSearch}
      />
      {matching.length === 0 && <p className="sheet__lead">{t('people.noneFound')}</p>}
      <ul className="marks">
        {matching.slice(0, OFFERED).map((one) => (
          <li key={one.id} className="marks__line marks__line--apart">
            <span>
              {one.name} · {t('staff.list.enrolled', { date: formatDate(one.enrolledAt, i18n.language) })}
            </span>
            <Button
              onClick={() => onChoose(one)}
              aria-label={t('staff.merge.takeLabel', { name: one.name })}
              data-testid={STAFF_IDS.mergeTake}
              data-name={one.name}
            >
              {t('staff.merge.take')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface PreviewProps {
  readonly person: StaffPerson;
  readonly other: StaffPerson;
  readonly onBack: () => void;
  readonly onMerged: () => void;
}

/** What the merge comes to, before it is done; a look at it changes nothing. */
function Preview({ person, other, onBack, onMerged }: PreviewProps) {
  const { t } = useTranslation();
  const { staffRecords } = useKiosk();
  const { act, busy, run } = useAct();
  const pinAgain = usePinAgain();
  const [preview, setPreview] = useState<MergePreview | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `run` is made anew with each drawing
  useEffect(() => {
    void run(() =>
      staffRecords.ask(async (desk) => setPreview(await desk.mergePreview(person.id, other.id))),
    );
  }, [staffRecords, person.id, other.id]);
  const merge = () =>
    run(async () => {
      await staffRecords.change((desk) => desk.merge(person.id, other.id));
      onMerged();
    });
  const stops = preview && (preview.faces === 'unlike' || preview.noteTooLong);
  return (
    <div className="sheet__form" data-testid={STAFF_IDS.mergePreview} data-faces={preview?.faces}>
      <p>
        <strong>{t('staff.merge.both', { name: person.name, other: other.name })}</strong>
      </p>
      {preview && <Facts person={person} other={other} preview={preview} />}
      <ActOutcome act={act.kind === 'done' ? { kind: 'idle' } : act} busy={t('staff.busy')} done="" />
      <div className="sheet__actions">
        <Button disabled={busy} onClick={onBack}>
          {t('staff.merge.back')}
        </Button>
        {preview && !stops && (
          <Button
            look="primary"
            disabled={busy}
            onClick={() => pinAgain.ask(() => void merge())}
            data-testid={STAFF_IDS.mergeStart}
          >
            {t('staff.merge.start')}
          </Button>
        )}
      </div>
      {pinAgain.dialog}
    </div>
  );
}

type FactsProps = Omit<PreviewProps, 'onBack' | 'onMerged'> & { readonly preview: MergePreview };

function Facts({ person, other, preview }: FactsProps) {
  const { t } = useTranslation();
  const { faces, consentOf, losesFace, losesNumber, noteTooLong, visits } = preview;
  const names = { name: person.name, other: other.name };
  const lines = [
    t('staff.merge.visits', { count: visits }),
    t(`staff.merge.consent.${consentOf}`, names),
    ...(losesNumber ? [t('staff.merge.losesNumber', names)] : []),
  ];
  return (
    <>
      <p
        className={`notice${faces === 'unlike' ? ' notice--alert' : faces === 'alike' ? ' notice--good' : ''}`}
        role={faces === 'unlike' ? 'alert' : 'status'}
      >
        {t(`staff.merge.faces.${faces}`)}
      </p>
      {losesFace && <p className="notice">{t('staff.merge.losesFace')}</p>}
      {noteTooLong && (
        <p className="notice notice--alert" role="alert">
          {t('staff.merge.noteTooLong')}
        </p>
      )}
      <ul className="marks">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}
