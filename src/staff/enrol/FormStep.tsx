import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormProblem } from '../../state/enrolment.ts';
import { useHealth, useKiosk, useSession } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, TextField, Tick } from '../../ui/index.ts';
import { ConsentText } from './ConsentText.tsx';

/** Name and consent: the only things that are asked for. */
export function FormStep({ problems }: { readonly problems: readonly FormProblem[] }) {
  const { t } = useTranslation();
  const { enrolment, config } = useKiosk();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problems.length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [problems]);
  const [name, setName] = useState('');
  const [consented, setConsented] = useState(false);
  const engineReady = useHealth(({ ready }) => ready !== null);
  const cameraLive = useSession(({ systems }) => systems.camera.kind === 'live');
  const ready = engineReady && cameraLive;
  const words = (problem: FormProblem | undefined) =>
    problem && t(`enrol.problem.${problem}`, { max: config.enrolment.maxNameLength });
  const nameProblem = problems.find((problem) => problem !== 'consent-missing');
  const consentProblem = problems.find((problem) => problem === 'consent-missing');
  return (
    <form
      ref={form}
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        enrolment.start({ name, consented });
      }}
    >
      <div>
        <h2 className="staff__heading">{t('enrol.title')}</h2>
        <p className="staff__lead">{t('enrol.intro')}</p>
      </div>
      <TextField
        label={t('enrol.name')}
        help={t('enrol.nameHelp')}
        problem={words(nameProblem)}
        value={name}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setName(event.currentTarget.value)}
        data-testid={TEST_IDS.enrolName}
      />
      <ConsentText />
      <Tick
        problem={words(consentProblem)}
        checked={consented}
        onChange={(event) => setConsented(event.currentTarget.checked)}
        data-testid={TEST_IDS.enrolConsent}
      >
        {t('enrol.consent.tick')}
      </Tick>
      {!ready && <p className="notice">{t('enrol.notReady')}</p>}
      <Button submit look="primary" icon="camera" disabled={!ready} data-testid={TEST_IDS.enrolStart}>
        {t('enrol.start')}
      </Button>
    </form>
  );
}
