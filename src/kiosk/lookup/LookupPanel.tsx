import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isPin, typedDigits } from '@rounz/core/people/pin.ts';
import {
  formatTelephone,
  isTelephoneFull,
  telephoneProblem,
  typedTelephone,
} from '@rounz/core/people/telephone.ts';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import type { LookupStatus } from '../../state/session/model/types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatTime } from '../../ui/i18n/index.ts';
import { afterKey, Button, Keypad, type KeypadKey } from '../../ui/index.ts';
import { Panel } from '../parts/Panel.tsx';
import { DigitField } from './DigitField.tsx';

type FieldName = 'telephone' | 'pin';

/** Opens a customer's page without a face. What is typed is kept in this component only. */
export function LookupPanel({ status }: { readonly status: LookupStatus }) {
  const { t } = useTranslation();
  const { visit, session } = useKiosk();
  const form = useLookupForm(status);
  const { digits, active, incomplete } = form;
  const find = (event: FormEvent) => {
    event.preventDefault();
    if (form.complete()) void visit.lookUp(digits);
  };
  return (
    <Panel subject="lookup" title={t('lookup.title')}>
      <form className="lookup" onSubmit={find} noValidate autoComplete="off">
        <div className="lookup__fields">
          <DigitField
            label={t('lookup.telephone')}
            shown={formatTelephone(digits.telephone)}
            active={active === 'telephone'}
            invalid={incomplete === 'telephone'}
            testId={TEST_IDS.lookupTelephone}
            onFocus={() => form.setActive('telephone')}
            onChange={(text) => form.type('telephone', text)}
            input={form.inputs.telephone}
          />
          <DigitField
            secret
            label={t('lookup.pin')}
            shown={digits.pin}
            active={active === 'pin'}
            invalid={incomplete === 'pin'}
            testId={TEST_IDS.lookupPin}
            onFocus={() => form.setActive('pin')}
            onChange={(text) => form.type('pin', text)}
            input={form.inputs.pin}
          />
          <Problem status={status} incomplete={incomplete} />
        </div>
        <Keypad onKey={form.press} testId={TEST_IDS.key} />
        <div className="lookup__actions">
          <Button
            submit
            look="primary"
            disabled={status.kind === 'checking'}
            data-testid={TEST_IDS.lookupFind}
          >
            {t(status.kind === 'checking' ? 'lookup.checking' : 'lookup.find')}
          </Button>
          <Button icon="back" onClick={() => session.touch('done')} data-testid={TEST_IDS.lookupBack}>
            {t('lookup.back')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Problem({ status, incomplete }: { status: LookupStatus; incomplete: FieldName | null }) {
  const { t, i18n } = useTranslation();
  const problem = () => {
    if (incomplete) return t(incomplete === 'pin' ? 'lookup.pinMissing' : 'lookup.telephoneMissing');
    if (status.kind === 'wait') return t('lookup.wait', { time: formatTime(status.retryAt, i18n.language) });
    const told = status.kind === 'wrong' || status.kind === 'failed' || status.kind === 'closed';
    return told ? t(`lookup.${status.kind}`) : null;
  };
  return (
    <p className="problem lookup__problem" role="alert" data-testid={TEST_IDS.lookupProblem}>
      {problem()}
    </p>
  );
}

/** What has been typed in which field, and whether it is complete. */
function useLookupForm(status: LookupStatus) {
  const { session } = useKiosk();
  const [digits, setDigits] = useState({ telephone: '', pin: '' });
  const [active, setActive] = useState<FieldName>('telephone');
  const [incomplete, setIncomplete] = useState<FieldName | null>(null);
  const inputs = { telephone: useRef<HTMLInputElement>(null), pin: useRef<HTMLInputElement>(null) };

  useEffect(() => inputs.telephone.current?.focus({ preventScroll: true }), [inputs.telephone]);
  useEffect(() => {
    // The PIN is cleared. The screen does not say which of the two was wrong.
    if (status.kind === 'wrong' || status.kind === 'wait') setDigits((typed) => ({ ...typed, pin: '' }));
  }, [status]);

  const type = (field: FieldName, text: string) => {
    session.touch('active');
    setIncomplete(null);
    const typed = field === 'telephone' ? typedTelephone(text) : typedDigits(text, PEOPLE.customerPin.max);
    setDigits((before) => ({ ...before, [field]: typed }));
    if (field === 'telephone' && isTelephoneFull(typed)) inputs.pin.current?.focus();
  };
  return {
    digits,
    active,
    incomplete,
    inputs,
    setActive,
    type,
    press: (key: KeypadKey) => type(active, afterKey(digits[active], key)),
    /** Whether both fields can be valid; otherwise names the one that cannot. */
    complete(): boolean {
      const wrong = telephoneProblem(digits.telephone)
        ? 'telephone'
        : isPin(digits.pin, PEOPLE.customerPin)
          ? null
          : 'pin';
      setIncomplete(wrong);
      if (wrong) inputs[wrong].current?.focus();
      return wrong === null;
    },
  };
}
