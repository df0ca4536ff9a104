import { type ReactNode, useEffect, useRef } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { KioskScreen } from '../kiosk/KioskScreen.tsx';
import { StaffScreen } from '../staff/StaffScreen.tsx';
import type { Kiosk } from '../state/kiosk-types.ts';
import { KioskContext, useSettings } from '../state/react.ts';
import type { SessionModel } from '../state/session/model/types.ts';
import type { createI18n } from '../ui/i18n/index.ts';
import type { RefusedSetting } from './config.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { useHeldBack } from './held-back.ts';
import { useRoute } from './route.ts';

interface AppProps {
  readonly kiosk: Kiosk;
  readonly i18n: ReturnType<typeof createI18n>;
  readonly refused: readonly RefusedSetting[];
}

export function App({ kiosk, i18n, refused }: AppProps): ReactNode {
  const drawings = useStore(kiosk.healing.store, (state) => state.drawings);
  return (
    <I18nextProvider i18n={i18n}>
      <ErrorBoundary key={drawings} onCrash={kiosk.healing.crashed}>
        <KioskContext value={kiosk}>
          <Rooms refused={refused} />
          <NextVisitor kiosk={kiosk} />
        </KioskContext>
      </ErrorBoundary>
    </I18nextProvider>
  );
}

function Rooms({ refused }: { readonly refused: readonly RefusedSetting[] }) {
  const { t } = useTranslation();
  const route = useRoute();
  useHeldBack();
  if (route.kind === 'kiosk') return <KioskScreen />;
  const notices = refused.map(({ name, value }) => t('config.refused', { name, value }));
  return <StaffScreen view={route.view} notices={notices} />;
}

const idle = ({ phase }: SessionModel): boolean => phase.kind === 'attract';

/** Phases that only a visit comes to. */
const VISIT: ReadonlySet<SessionModel['phase']['kind']> = new Set([
  'greeted',
  'page',
  'unknown',
  'lookup',
  'leaving',
]);

/** Milliseconds after which a choice that was made without a visit is taken back. */
const FORGOTTEN_AFTER = 60_000;

/** A visitor's choices, of language and of everything else, end with the visit, or after a while without one. */
function NextVisitor({ kiosk }: Pick<AppProps, 'kiosk'>) {
  const { i18n } = useTranslation();
  const language = useSettings(({ inForce }) => inForce.language);
  const known = useSettings((state) => state.known);
  const drawn = useRef(i18n.language);
  const applied = useRef<string | null>(null);
  useEffect(() => {
    // Until the settings are known the first screen keeps the language that it was drawn in; later each setting applies once.
    if (!known || applied.current === language) return;
    const chosen = applied.current === null && i18n.language !== drawn.current;
    applied.current = language;
    // A visitor who chose another language while the kiosk was starting keeps it.
    if (!chosen) void i18n.changeLanguage(language);
  }, [i18n, known, language]);
  useEffect(() => {
    let cancel = () => {};
    const begin = () => {
      kiosk.preferences.reset();
      if (i18n.language !== language) void i18n.changeLanguage(language);
    };
    const beginLater = () => {
      cancel();
      cancel = kiosk.clock.after(FORGOTTEN_AFTER, () => idle(kiosk.session.store.getState()) && begin());
    };
    const unsubscribe = [
      kiosk.session.store.subscribe((now, before) => {
        if (idle(now) && VISIT.has(before.phase.kind)) begin();
      }),
      kiosk.preferences.store.subscribe(beginLater),
    ];
    i18n.on('languageChanged', beginLater);
    return () => {
      cancel();
      for (const off of unsubscribe) off();
      i18n.off('languageChanged', beginLater);
    };
  }, [kiosk, i18n, language]);
  return null;
}
