import { useTranslation } from 'react-i18next';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Choice } from '../../ui/index.ts';
import { highestTouch, KIOSK_RULES } from '../../ui/theme/panel.ts';
import { problemsOf } from './draft.ts';
import { type StepProps, TypedField } from './fields.tsx';

/** Language at rest, size and height of the screen. */
export function ScreenStep(props: StepProps) {
  const { t } = useTranslation();
  const { draft, onChange } = props;
  return (
    <>
      <Choice
        label={t('staff.setup.field.language.label')}
        value={draft.language}
        options={[
          { value: 'ko', label: t('language.ko') },
          { value: 'en', label: t('language.en') },
        ]}
        onChange={(language) => onChange({ language })}
        testId={STAFF_IDS.setUpLanguage}
      />
      <TypedField {...props} name="inches" numeric />
      <TypedField {...props} name="lowerEdge" numeric />
      <Reach {...props} />
    </>
  );
}

/** How high one must reach in the low position, once size and height are known. */
function Reach({ draft }: StepProps) {
  const { t } = useTranslation();
  const wrong = problemsOf(draft);
  if (draft.inches.trim() === '' || wrong.inches || wrong.lowerEdge) return null;
  const { innerWidth: width, innerHeight: height } = window;
  const screen = { inches: Number(draft.inches.replace(',', '.')), width, height };
  const reach = Math.round(highestTouch(screen, Number(draft.lowerEdge.replace(',', '.'))));
  const within = reach <= KIOSK_RULES.reach;
  return (
    <p className={within ? 'setup__note' : 'notice notice--alert'} role="status">
      {t(within ? 'staff.setup.reach.within' : 'staff.setup.reach.beyond', {
        reach,
        limit: KIOSK_RULES.reach,
      })}
    </p>
  );
}
