import { type ComponentProps, type ReactNode, useId } from 'react';

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'className' | 'id' | 'type'> {
  readonly label: string;
  readonly help?: string;
  readonly problem?: string | undefined;
  /** hides the typed characters */
  readonly secret?: boolean;
}

/** A labelled text field. Screen readers announce its help and its problem. */
export function TextField({ label, help, problem, secret = false, ...rest }: TextFieldProps) {
  const id = useId();
  const told = problem ?? help;
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <input
        // Otherwise the browser stores the typed text with its forms and open tabs, on the disk.
        autoComplete="off"
        aria-invalid={problem !== undefined}
        {...rest}
        id={id}
        type={secret ? 'password' : 'text'}
        className="field__input"
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

interface TickProps extends Omit<ComponentProps<'input'>, 'className' | 'id' | 'type'> {
  readonly children: ReactNode;
  readonly problem?: string | undefined;
}

/** A check box whose whole line can be touched. */
export function Tick({ children, problem, ...rest }: TickProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="tick" data-invalid={problem !== undefined}>
        <input
          {...rest}
          type="checkbox"
          className="tick__box"
          aria-invalid={problem !== undefined}
          aria-describedby={problem ? id : undefined}
        />
        <span>{children}</span>
      </label>
      {problem && (
        <p id={id} className="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
