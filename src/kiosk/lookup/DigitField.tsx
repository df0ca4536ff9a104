import { type RefObject, useId } from 'react';

interface DigitFieldProps {
  readonly label: string;
  readonly shown: string;
  /** the keypad fills this one */
  readonly active: boolean;
  readonly invalid: boolean;
  readonly secret?: boolean;
  readonly testId: string;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onFocus: () => void;
  readonly onChange: (text: string) => void;
}

/** A field for digits: by the keypad beside it or a keyboard; the system's own keyboard stays away. */
export function DigitField({
  label,
  shown,
  active,
  invalid,
  secret = false,
  testId,
  input,
  onFocus,
  onChange,
}: DigitFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <input
        ref={input}
        id={id}
        className="field__input digit-field"
        type={secret ? 'password' : 'text'}
        inputMode="none"
        autoComplete="off"
        value={shown}
        aria-invalid={invalid}
        data-active={active}
        data-testid={testId}
        onFocus={onFocus}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
