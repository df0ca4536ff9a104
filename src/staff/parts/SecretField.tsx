import { type ComponentProps, useId } from 'react';

interface SecretFieldProps extends Omit<ComponentProps<'input'>, 'className' | 'id' | 'type'> {
  readonly label: string;
  readonly help?: string;
  readonly problem?: string | undefined;
  /** digits alone: a telephone's keypad where the device has one */
  readonly digits?: boolean;
}

/** A labelled line whose letters nobody reads over a shoulder. */
export function SecretField({ label, help, problem, digits = false, ...rest }: SecretFieldProps) {
  const id = useId();
  const told = problem ?? help;
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <input
        autoComplete="off"
        spellCheck={false}
        inputMode={digits ? 'numeric' : 'text'}
        {...rest}
        id={id}
        type="password"
        className="field__input"
        aria-invalid={problem !== undefined}
        aria-describedby={told ? `${id}-help` : undefined}
      />
      {told && (
        <p
          id={`${id}-help`}
          className={problem ? 'problem' : 'field__help'}
          role={problem ? 'alert' : undefined}
        >
          {told}
        </p>
      )}
    </div>
  );
}
