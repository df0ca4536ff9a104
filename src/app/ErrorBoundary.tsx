import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '../state/test-ids.ts';
import { Button } from '../ui/index.ts';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
  readonly onCrash: (error: unknown) => void;
}

/**
 * Shows a calm screen with a reload button instead of a screen that cannot be drawn. The kiosk draws it afresh by itself: with
 * another `key` the boundary begins anew.
 */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    this.props.onCrash(error);
  }

  override render(): ReactNode {
    return this.state.failed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const { t } = useTranslation();
  return (
    <main className="crash" role="alert" data-testid={TEST_IDS.crash}>
      <h1 className="crash__title">{t('crash.title')}</h1>
      <p>{t('crash.detail')}</p>
      <Button look="primary" icon="again" onClick={() => window.location.reload()}>
        {t('crash.reload')}
      </Button>
    </main>
  );
}
