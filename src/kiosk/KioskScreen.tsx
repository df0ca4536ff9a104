import './kiosk.css';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { usePeople, useSession } from '../state/react.ts';
import type { SessionModel } from '../state/session-types.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { LanguageSwitch, Wordmark } from '../ui/index.ts';
import { Footer } from './Footer.tsx';
import { LiveMirror } from './LiveMirror.tsx';
import { PhasePanel } from './PhasePanel.tsx';
import { StaffCallBanner } from './StaffCallBanner.tsx';

const kindOf = (model: SessionModel) => model.phase.kind;
const reasonOf = ({ phase }: SessionModel) => ('reason' in phase ? phase.reason : undefined);
const hintOf = ({ phase }: SessionModel) => ('hint' in phase ? (phase.hint ?? undefined) : undefined);
const personOf = ({ phase }: SessionModel) => (phase.kind === 'greeted' ? phase.person.id : undefined);
const facesOf = ({ faceCount }: SessionModel) => (faceCount === 3 ? '3+' : String(faceCount));

/** Everything that a shopper sees. The root renders when a phase begins, not with every frame. */
export function KioskScreen() {
  const { t } = useTranslation();
  const damaged = useDamagedCount();
  useNoContextMenu();
  return (
    <main
      className="kiosk"
      data-testid={TEST_IDS.kiosk}
      data-phase={useSession(kindOf)}
      data-reason={useSession(reasonOf)}
      data-hint={useSession(hintOf)}
      data-person={useSession(personOf)}
      data-faces={useSession(facesOf)}
    >
      <header className="kiosk__header">
        <Wordmark label={t('brand.name')} />
        <LanguageSwitch testId={TEST_IDS.language} />
      </header>
      <LiveMirror />
      <PhasePanel />
      <Footer damaged={damaged} />
      <StaffCallBanner />
    </main>
  );
}

function useDamagedCount(): number {
  const people = usePeople();
  return people.kind === 'open' ? people.damaged.length : 0;
}

/** A long touch must not open the browser's own menu before a shopper. */
function useNoContextMenu(): void {
  useEffect(() => {
    const prevent = (event: Event) => event.preventDefault();
    document.addEventListener('contextmenu', prevent);
    return () => document.removeEventListener('contextmenu', prevent);
  }, []);
}
