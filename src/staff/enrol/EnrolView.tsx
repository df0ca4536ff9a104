import './enrol.css';
import { type ReactElement, useEffect } from 'react';
import { useEnrolment, useKiosk } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { AgeStep, GuardianStep } from './AgeSteps.tsx';
import { CaptureStep } from './CaptureStep.tsx';
import { ConsentStep } from './ConsentStep.tsx';
import { FormStep } from './FormStep.tsx';
import { DuplicateStep, FailedStep, SavedStep, SavingStep, UnlikeStep } from './OutcomeSteps.tsx';
import { RefusedStep, TelephoneStep } from './RefusedSteps.tsx';

/** The steps of an enrolment. Leaving it discards what was taken (see `StaffScreen`). */
export function EnrolView() {
  const { enrolment, pump } = useKiosk();
  const phase = useEnrolment();
  useEffect(() => pump.use(enrolment.consumer), [enrolment, pump]);
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

function Step(): ReactElement | null {
  const phase = useEnrolment();
  switch (phase.kind) {
    case 'form':
      return <FormStep problems={phase.problems} />;
    case 'age':
      return <AgeStep name={phase.name} />;
    case 'guardian':
      return <GuardianStep name={phase.name} renewal={phase.renewal} />;
    case 'consent':
      return <ConsentStep {...phase} />;
    case 'refused':
      return <RefusedStep renewal={phase.renewal} />;
    case 'telephone':
      return <TelephoneStep problem={phase.problem} guardian={phase.guardian} />;
    case 'capture':
      return <CaptureStep {...phase} />;
    case 'handed-back':
      return null;
    case 'duplicate':
      return <DuplicateStep other={phase.other} />;
    case 'unlike':
      return <UnlikeStep name={phase.name} />;
    case 'saving':
      return <SavingStep />;
    case 'saved':
      return <SavedStep name={phase.name} what={phase.what} seconds={phase.seconds} />;
    case 'failed':
      return <FailedStep failure={phase.failure} />;
    default:
      return phase satisfies never;
  }
}
