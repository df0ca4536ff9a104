import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface FactProps {
  readonly name: string;
  readonly testId?: string;
  readonly value: string | undefined;
  readonly children?: ReactNode;
}

/** One fact of the health view: name, value, details. */
export function Fact({ name, testId, value, children }: FactProps) {
  const { t } = useTranslation();
  return (
    <div className="fact">
      <p className="fact__name">{name}</p>
      <p className="fact__value" data-testid={testId}>
        {value ?? t('health.unknown')}
      </p>
      {children && <p className="fact__detail">{children}</p>}
    </div>
  );
}
