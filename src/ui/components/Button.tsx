import type { ComponentProps, ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'type' | 'className'> {
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly size?: 'normal' | 'large';
  readonly icon?: IconName;
  readonly submit?: boolean;
  readonly children: ReactNode;
}

/** A button of at least 20 mm on a kiosk's panel. */
export function Button({
  look = 'plain',
  size = 'normal',
  icon,
  submit = false,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={submit ? 'submit' : 'button'}
      className={`button button--${look}${size === 'large' ? ' button--large' : ''}`}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
