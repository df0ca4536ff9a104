import { type ReactNode, useId } from 'react';

interface ChoiceProps<Value extends string | number> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode }[];
  readonly onChange: (value: Value) => void;
  readonly testId: string;
}

/** A choice of a few options, made of the browser's radio buttons for keyboards and screen readers. */
export function Choice<Value extends string | number>({
  label,
  value,
  options,
  onChange,
  testId,
}: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className="choice" data-testid={testId}>
      <legend className="choice__label">{label}</legend>
      <div className="choice__options">
        {options.map((option) => (
          <label key={option.value} className="choice__option" data-checked={option.value === value}>
            <input
              type="radio"
              className="choice__input"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
