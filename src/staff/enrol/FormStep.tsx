import { PEOPLE } from '@rounz/core/people/limits.ts';
import type { NameProblem } from '@rounz/core/people/text.ts';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHealth, useKiosk, useSession } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, TextField } from '../../ui/index.ts';

const STEPS = ['name', 'consent', 'look'] as const;

/** The customer's name, the only input of staff. */
export function FormStep({ problems }: { readonly problems: readonly NameProblem[] }) {
  const { t } = useTranslation();
  const { enrolment } = useKiosk();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problems.length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [problems]);
  const [name, setName] = useState('');
  const engineReady = useHealth(({ ready }) => ready !== null);
  const cameraLive = useSession(({ systems }) => systems.camera.kind === 'live');
  const ready = engineReady && cameraLive;
  const [problem] = problems;
  return (
    <form
      ref={form}
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        enrolment.begin(name);
      }}
    >
      <div>
        <h2 className="staff__heading">{t('enrol.title')}</h2>
        <p className="staff__lead">{t('enrol.intro')}</p>
      </div>
      <ol className="way">
        {STEPS.map((step, index) => (
          <li key={step} className="way__step">
            <span className="way__number" aria-hidden="true">
              {index + 1}
            </span>
            {t(`enrol.steps.${step}`)}
          </li>
        ))}
      </ol>
      <TextField
        label={t('enrol.name')}
        help={t('enrol.nameHelp')}
        problem={problem && t(`enrol.problem.${problem}`, { max: PEOPLE.name.max })}
        value={name}
        spellCheck={false}
        onChange={(event) => setName(event.currentTarget.value)}
        data-testid={TEST_IDS.enrolName}
      />
      {!ready && <p className="notice">{t('enrol.notReady')}</p>}
      <Button submit look="primary" size="large" disabled={!ready} data-testid={TEST_IDS.enrolStart}>
        {t('enrol.toConsent')}
      </Button>
    </form>
  );
}
