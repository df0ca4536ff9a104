import { type ReactNode, useEffect } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { KioskScreen } from '../kiosk/KioskScreen.tsx';
import { StaffScreen } from '../staff/StaffScreen.tsx';
import type { Kiosk } from '../state/kiosk.ts';
import { KioskContext } from '../state/react.ts';
import type { SessionModel } from '../state/session-types.ts';
import type { createI18n, Language } from '../ui/i18n/index.ts';
import type { RefusedSetting } from './config.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { useRoute } from './route.ts';

interface AppProps {
  readonly kiosk: Kiosk;
  readonly i18n: ReturnType<typeof createI18n>;
  /** what the next visitor is greeted in */
  readonly language: Language;
  readonly refused: readonly RefusedSetting[];
}

export function App({ kiosk, i18n, language, refused }: AppProps): ReactNode {
  return (
    <I18nextProvider i18n={i18n}>
      <ErrorBoundary>
        <KioskContext value={kiosk}>
          <Rooms refused={refused} />
          <LanguageOfNextVisitor kiosk={kiosk} language={language} />
        </KioskContext>
      </ErrorBoundary>
    </I18nextProvider>
  );
}

function Rooms({ refused }: { readonly refused: readonly RefusedSetting[] }) {
  const { t } = useTranslation();
  const route = useRoute();
  if (route.kind === 'kiosk') return <KioskScreen />;
  const notices = refused.map(({ name, value }) => t('config.refused', { name, value }));
  return <StaffScreen view={route.view} notices={notices} />;
}

const visiting = ({ phase }: SessionModel): boolean =>
  phase.kind === 'greeted' || phase.kind === 'unknown' || phase.kind === 'leaving';

/** A visitor's choice of language ends with the visit. */
function LanguageOfNextVisitor({ kiosk, language }: Pick<AppProps, 'kiosk' | 'language'>) {
  const { i18n } = useTranslation();
  useEffect(
    () =>
      kiosk.session.store.subscribe((now, before) => {
        const over = visiting(before) && now.phase.kind === 'attract';
        if (over && i18n.language !== language) void i18n.changeLanguage(language);
      }),
    [kiosk, i18n, language],
  );
  return null;
}
