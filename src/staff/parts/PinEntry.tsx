import { PEOPLE } from '@rounz/core/people/limits.ts';
import { typedDigits } from '@rounz/core/people/pin.ts';
import { type FormEvent, useEffect, useRef } from 'react';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { afterKey, Button, Keypad } from '../../ui/index.ts';

interface PinEntryProps {
  readonly label: string;
  readonly value: string;
  readonly submit: string;
  readonly problem: string | null;
  readonly disabled: boolean;
  readonly onChange: (value: string) => void;
  readonly onSubmit: () => void;
}

/** A PIN by touch or by keyboard; dots show how many digits are in. */
export function PinEntry(props: PinEntryProps) {
  const { label, value, submit, problem, disabled, onChange, onSubmit } = props;
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
      <Keypad disabled={disabled} onKey={(key) => type(afterKey(value, key))} testId={TEST_IDS.key} />
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
