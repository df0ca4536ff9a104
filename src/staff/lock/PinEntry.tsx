import { PEOPLE } from '@rounz/core/people/limits.ts';
import { typedDigits } from '@rounz/core/people/pin.ts';
import { type FormEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button } from '../../ui/index.ts';

interface PinEntryProps {
  readonly label: string;
  readonly value: string;
  readonly submit: string;
  readonly problem: string | null;
  readonly disabled: boolean;
  readonly onChange: (value: string) => void;
  readonly onSubmit: () => void;
}

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** A PIN by touch or by keyboard; dots show how many digits are in. */
export function PinEntry(props: PinEntryProps) {
  const { label, value, submit, problem, disabled, onChange, onSubmit } = props;
  const { t } = useTranslation();
  const { min, max } = PEOPLE.staffPin;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!disabled) input.current?.focus();
  }, [disabled]);
  const type = (text: string) => onChange(typedDigits(text, max));
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!disabled && value.length >= min) onSubmit();
  };
  const key = (digit: string) => (
    <button
      key={digit}
      type="button"
      className="pinpad__key"
      disabled={disabled}
      onClick={() => type(value + digit)}
    >
      {digit}
    </button>
  );
  return (
    <form className="pin" onSubmit={send}>
      <label className="pin__label" htmlFor="staff-pin">
        {label}
      </label>
      <input
        ref={input}
        id="staff-pin"
        className="pin__input"
        type="password"
        inputMode="none"
        autoComplete="off"
        value={value}
        disabled={disabled}
        aria-invalid={problem !== null}
        aria-describedby="staff-pin-problem"
        onChange={(event) => type(event.currentTarget.value)}
        data-testid={STAFF_IDS.pin}
      />
      <p id="staff-pin-problem" className="pin__problem" role="alert">
        {problem}
      </p>
      <div className="pinpad">
        {KEYS.map(key)}
        <button
          type="button"
          className="pinpad__key pinpad__key--words"
          disabled={disabled || value === ''}
          onClick={() => onChange('')}
        >
          {t('staff.lock.clear')}
        </button>
        {key('0')}
        <button
          type="button"
          className="pinpad__key pinpad__key--words"
          disabled={disabled || value === ''}
          onClick={() => onChange(value.slice(0, -1))}
        >
          {t('staff.lock.erase')}
        </button>
      </div>
      <Button
        submit
        look="primary"
        size="large"
        disabled={disabled || value.length < min}
        data-testid={STAFF_IDS.pinSubmit}
      >
        {submit}
      </Button>
    </form>
  );
}
