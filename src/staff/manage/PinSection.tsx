import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import { Button, TextField } from '../../ui/index.ts';
import { ActOutcome } from '../parts/Outcome.tsx';
import { Section } from '../parts/Section.tsx';
import { useAct } from '../parts/use-act.ts';

const EMPTY = { old: '', fresh: '', again: '' };

export function PinSection() {
  const { t } = useTranslation();
  const { people } = useKiosk();
  const [pins, setPins] = useState(EMPTY);
  const [problem, setProblem] = useState<'differs' | 'wrong' | null>(null);
  const { act, busy, run, clear } = useAct();
  async function change(event: FormEvent) {
    event.preventDefault();
    clear();
    if (pins.fresh !== pins.again) return setProblem('differs');
    setProblem(null);
    let right = true;
    const done = await run(async () => {
      const result = await people.engine()?.lock.changePin(pins.old, pins.fresh);
      right = result?.kind === 'open';
    });
    if (done && !right) {
      clear();
      setProblem('wrong');
    }
    setPins(EMPTY);
  }
  const field = (name: keyof typeof EMPTY) => (
    <TextField
      secret
      label={t(`staff.pin.${name}`)}
      inputMode="numeric"
      value={pins[name]}
      problem={
        (name === 'again' && problem === 'differs') || (name === 'old' && problem === 'wrong')
          ? t(`staff.lock.${problem}`)
          : undefined
      }
      onChange={(event) => setPins({ ...pins, [name]: event.currentTarget.value })}
    />
  );
  return (
    <Section title={t('staff.pin.title')} lead={t('staff.pin.lead')}>
      <form className="sheet__form" noValidate onSubmit={(event) => void change(event)}>
        {field('old')}
        {field('fresh')}
        {field('again')}
        <Button submit disabled={busy || Object.values(pins).includes('')}>
          {t('staff.pin.change')}
        </Button>
        <ActOutcome act={act} busy={t('staff.busy')} done={t('staff.pin.done')} />
      </form>
    </Section>
  );
}
