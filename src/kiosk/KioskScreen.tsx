// The order matters: of two rules for one element the later sheet's holds.
import './KioskScreen.css';
import './Readiness.css';
import './Header.css';
import './LiveMirror.css';
import './parts/Panel.css';
import './page/TurnPanel.css';
import './panels/LookingPanel.css';
import './panels/OutOfOrderPanel.css';
import './StaffCallBanner.css';
import './EndingNotice.css';
import './Caption.css';
import './Toolbar.css';
import './page/PagePanel.css';
import './page/ConsentRenewal.css';
import './page/Frames.css';
import './catalogue/catalogue.css';
import './lookup/lookup.css';
import './settings/settings.css';
import { usePreferences, useSession } from '../state/react.ts';
import type { SessionModel } from '../state/session/model/types.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { useDocumentPreferences } from '../ui/index.ts';
import { Caption } from './Caption.tsx';
import { EndingNotice } from './EndingNotice.tsx';
import { Header } from './Header.tsx';
import { LiveMirror } from './LiveMirror.tsx';
import { PhasePanel } from './PhasePanel.tsx';
import { Readiness } from './Readiness.tsx';
import { StaffCallBanner } from './StaffCallBanner.tsx';
import { Toolbar } from './Toolbar.tsx';
import { useArrowKeys } from './useArrowKeys.ts';

const kindOf = (model: SessionModel) => model.phase.kind;
const reasonOf = ({ phase }: SessionModel) => ('reason' in phase ? phase.reason : undefined);
const hintOf = ({ phase }: SessionModel) => ('hint' in phase ? (phase.hint ?? undefined) : undefined);
const facesOf = ({ faceCount }: SessionModel) => (faceCount === 3 ? '3+' : String(faceCount));
const personOf = ({ phase }: SessionModel) => {
  if (phase.kind === 'greeted') return phase.person.id;
  return phase.kind === 'page' || phase.kind === 'confirm' ? phase.page.id : undefined;
};

/** Everything that a shopper sees. Renders when a phase begins, not for each frame. */
export function KioskScreen() {
  const preferences = usePreferences();
  const { position } = preferences;
  useDocumentPreferences(preferences);
  useArrowKeys();
  return (
    <main
      className="kiosk"
      data-position={position}
      data-testid={TEST_IDS.kiosk}
      data-phase={useSession(kindOf)}
      data-reason={useSession(reasonOf)}
      data-hint={useSession(hintOf)}
      data-person={useSession(personOf)}
      data-faces={useSession(facesOf)}
    >
      <Readiness />
      <div className="stage">
        <Header />
        <LiveMirror />
        <PhasePanel />
        <div className="stage__foot">
          <StaffCallBanner />
          <EndingNotice />
          <Caption />
          <Toolbar />
        </div>
      </div>
    </main>
  );
}
