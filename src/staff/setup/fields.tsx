import { SETTINGS_LIMITS } from '@rounz/core/settings/settings.ts';
import { useTranslation } from 'react-i18next';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TextField } from '../../ui/index.ts';
import type { Draft, DraftField, DraftProblems } from './draft.ts';

/** What a step's fields need. */
export interface StepProps {
  readonly draft: Draft;
  /** problems to tell now */
  readonly problems: DraftProblems;
  readonly onChange: (change: Partial<Draft>) => void;
}

type Typed = Exclude<DraftField, 'language' | 'camera' | 'asking' | 'signsPosted' | 'strictness' | 'passive'>;

const RANGES: Readonly<Partial<Record<Typed, { readonly min: number; readonly max: number }>>> = {
  inches: SETTINGS_LIMITS.inches,
  lowerEdge: SETTINGS_LIMITS.lowerEdge,
  retentionDays: SETTINGS_LIMITS.retentionDays,
  shopPage: SETTINGS_LIMITS.shopPage,
};

/** A field that is typed, with its problem in plain words. */
export function TypedField({
  name,
  draft,
  problems,
  onChange,
  numeric = false,
}: StepProps & { readonly name: Typed; readonly numeric?: boolean }) {
  const { t } = useTranslation();
  const problem = problems[name];
  const range = RANGES[name] ?? SETTINGS_LIMITS.line;
  return (
    <TextField
      label={t(`staff.setup.field.${name}.label`)}
      help={t(`staff.setup.field.${name}.help`, range)}
      problem={problem && t(`staff.setup.problem.${problem}`, range)}
      inputMode={numeric ? 'decimal' : undefined}
      spellCheck={false}
      value={draft[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      data-testid={STAFF_IDS.setUpField}
      data-field={name}
    />
  );
}
