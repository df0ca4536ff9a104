import './setup.css';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk, useSettings } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button } from '../../ui/index.ts';
import { ActOutcome } from '../parts/Outcome.tsx';
import { Section } from '../parts/Section.tsx';
import { type ActState, useAct } from '../parts/use-act.ts';
import { AskingStep } from './AskingStep.tsx';
import { CameraStep } from './CameraStep.tsx';
import {
  type Draft,
  type DraftProblems,
  draftOf,
  draftOfStep,
  problemsOfStep,
  type SetUpStep,
  settingsOf,
  setUpSteps,
} from './draft.ts';
import type { StepProps } from './fields.tsx';
import { ModelSheet } from './ModelSheet.tsx';
import { ScreenStep } from './ScreenStep.tsx';
import { ShopStep } from './ShopStep.tsx';
import { TestStep } from './TestStep.tsx';

/** The set-up: five steps the first time, and later each of them by itself. */
export function SetUpView() {
  const setUpAt = useSettings(({ kept }) => kept.setUpAt);
  const known = useSettings((state) => state.known);
  if (!known) return null;
  return setUpAt === null ? <Walk /> : <Sheets />;
}

function StepFields({ step, ...props }: StepProps & { readonly step: SetUpStep }) {
  switch (step) {
    case 'screen':
      return <ScreenStep {...props} />;
    case 'camera':
      return <CameraStep {...props} />;
    case 'shop':
      return <ShopStep {...props} />;
    case 'asking':
      return <AskingStep {...props} />;
    case 'test':
      return <TestStep />;
    default:
      return step satisfies never;
  }
}

interface Drafting extends StepProps {
  readonly act: ActState;
  /** Keeps the step's fields; false where one of them does not fit, which is then told. */
  keep(step: SetUpStep, finished?: boolean): Promise<boolean>;
}

/** The draft, and how it is kept. */
function useDraft(): Drafting {
  const { settings, clock } = useKiosk();
  const [draft, setDraft] = useState<Draft>(() => draftOf(settings.store.getState().kept));
  const [problems, setProblems] = useState<DraftProblems>({});
  const act = useAct();
  return {
    draft,
    problems,
    act,
    onChange(change) {
      act.clear();
      setDraft((before) => ({ ...before, ...change }));
      setProblems((before) =>
        Object.fromEntries(Object.entries(before).filter(([field]) => !(field in change))),
      );
    },
    async keep(step, finished = false) {
      const wrong = problemsOfStep(step, draft);
      setProblems(wrong);
      if (Object.keys(wrong).length > 0) return false;
      const { kept } = settings.store.getState();
      const next = settingsOf(draftOfStep(step, draft, kept), kept, clock.date());
      return act.run(() => settings.keep({ ...next, setUpAt: finished ? clock.date() : kept.setUpAt }));
    },
  };
}

/** Scrolls the view in which an element lies to its beginning. */
function toTop(element: HTMLElement | null): void {
  element?.closest('.staff__view')?.scrollTo(0, 0);
}

/** Puts the focus on the first field that is wrong. */
function showProblem(root: HTMLElement | null): void {
  requestAnimationFrame(() => root?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
}

/** The first run: a step at a time; each is kept when it is left, so that a power cut costs nothing. */
function Walk() {
  const { t } = useTranslation();
  const drafting = useDraft();
  const [at, setAt] = useState(0);
  const root = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const step = setUpSteps[at]!;
  const last = at === setUpSteps.length - 1;
  function go(to: number) {
    drafting.act.clear();
    setAt(to);
    requestAnimationFrame(() => {
      heading.current?.focus({ preventScroll: true });
      toTop(root.current);
    });
  }
  async function next() {
    if (!(await drafting.keep(step, last))) return showProblem(root.current);
    if (!last) go(at + 1);
  }
  return (
    <section ref={root} className="setup" data-testid={STAFF_IDS.setUp} data-step={step}>
      <p className="setup__count">{t('staff.setup.count', { at: at + 1, of: setUpSteps.length })}</p>
      <h2 ref={heading} tabIndex={-1} className="staff__heading">
        {t(`staff.setup.step.${step}.title`)}
      </h2>
      <p className="staff__lead">{t(`staff.setup.step.${step}.lead`)}</p>
      <div className="sheet sheet__form">
        <StepFields step={step} {...drafting} />
      </div>
      <ActOutcome act={drafting.act.act} busy={t('staff.busy')} done={t('staff.saved')} />
      <div className="setup__ways">
        {at > 0 && (
          <Button onClick={() => go(at - 1)} data-testid={STAFF_IDS.setUpBack}>
            {t('staff.setup.back')}
          </Button>
        )}
        <Button
          look="primary"
          disabled={drafting.act.busy}
          onClick={() => void next()}
          data-testid={STAFF_IDS.setUpNext}
        >
          {t(last ? 'staff.setup.finish' : 'staff.setup.next')}
        </Button>
      </div>
    </section>
  );
}

/** After the first run: every step a sheet that is kept by itself. */
function Sheets() {
  const { t } = useTranslation();
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    toTop(root.current);
  }, []);
  return (
    <section ref={root} data-testid={STAFF_IDS.setUp} data-step="all">
      <h2 className="staff__heading">{t('staff.setup.title')}</h2>
      <div className="sheets">
        {setUpSteps.map((step) => (
          <Sheet key={step} step={step} />
        ))}
        <ModelSheet />
      </div>
    </section>
  );
}

function Sheet({ step }: { readonly step: SetUpStep }) {
  const { t } = useTranslation();
  const drafting = useDraft();
  const root = useRef<HTMLDivElement>(null);
  // A camera or a test takes the camera for itself: only once it was asked for.
  const heavy = step === 'camera' || step === 'test';
  const [open, setOpen] = useState(!heavy);
  return (
    <Section title={t(`staff.setup.step.${step}.title`)} lead={t(`staff.setup.step.${step}.lead`)}>
      <div ref={root} className="sheet__form" data-sheet={step}>
        {open ? (
          <StepFields step={step} {...drafting} />
        ) : (
          <Button onClick={() => setOpen(true)} data-testid={STAFF_IDS.setUpOpen} data-step={step}>
            {t('staff.setup.open')}
          </Button>
        )}
        {open && step !== 'test' && (
          <Button
            look="primary"
            disabled={drafting.act.busy}
            onClick={async () => {
              if (!(await drafting.keep(step))) showProblem(root.current);
            }}
            data-testid={STAFF_IDS.setUpSave}
            data-step={step}
          >
            {t('staff.save')}
          </Button>
        )}
        <ActOutcome act={drafting.act.act} busy={t('staff.busy')} done={t('staff.saved')} />
      </div>
    </Section>
  );
}
