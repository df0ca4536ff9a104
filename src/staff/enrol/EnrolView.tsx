import { useEffect } from 'react';
import { useEnrolment, useKiosk } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { CaptureStep } from './CaptureStep.tsx';
import { FormStep } from './FormStep.tsx';
import { DuplicateStep, FailedStep, SavedStep, SavingStep } from './OutcomeSteps.tsx';

/** Enrolment, guided from the name to the record. Leaving it forgets whatever was taken. */
export function EnrolView() {
  const { enrolment, pump } = useKiosk();
  const phase = useEnrolment();
  useEffect(() => {
    const release = pump.use(enrolment.consumer);
    return () => {
      release();
      enrolment.reset();
    };
  }, [enrolment, pump]);
  return (
    <section
      className="enrolment"
      data-testid={TEST_IDS.enrolment}
      data-phase={phase.kind}
      data-accepted={phase.kind === 'capture' ? phase.accepted : undefined}
      data-hint={phase.kind === 'capture' ? (phase.hint ?? undefined) : undefined}
    >
      <Step />
    </section>
  );
}

function Step() {
  const phase = useEnrolment();
  switch (phase.kind) {
    case 'form':
      return <FormStep problems={phase.problems} />;
    case 'capture':
      return <CaptureStep name={phase.name} accepted={phase.accepted} hint={phase.hint} />;
    case 'duplicate':
      return <DuplicateStep other={phase.other} />;
    case 'saving':
      return <SavingStep />;
    case 'saved':
      return <SavedStep name={phase.name} seconds={phase.seconds} />;
    case 'failed':
      return <FailedStep detail={phase.detail} />;
    default:
      return phase satisfies never;
  }
}
