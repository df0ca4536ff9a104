import type { RefObject } from 'react';
import { TextField } from '../../ui/index.ts';

interface DigitFieldProps {
  readonly label: string;
  readonly shown: string;
  /** whether the keypad fills this field */
  readonly active: boolean;
  readonly invalid: boolean;
  readonly secret?: boolean;
  readonly testId: string;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onFocus: () => void;
  readonly onChange: (text: string) => void;
}

/** A field for digits, filled by the keypad beside it or by a keyboard. The system's on-screen keyboard stays closed. */
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
  return (
    <TextField
      ref={input}
      label={label}
      secret={secret}
      inputMode="none"
      value={shown}
      aria-invalid={invalid}
      data-active={active}
      data-testid={testId}
      onFocus={onFocus}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
