import { useSession } from '../state/react.ts';
import type { SessionModel } from '../state/session-types.ts';
import { LookupPanel } from './lookup/LookupPanel.tsx';
import { PagePanel } from './page/PagePanel.tsx';
import { AttractPanel } from './panels/AttractPanel.tsx';
import { ConsentPanel } from './panels/ConsentPanel.tsx';
import { GreetedPanel } from './panels/GreetedPanel.tsx';
import { LeavingPanel } from './panels/LeavingPanel.tsx';
import { LookingPanel } from './panels/LookingPanel.tsx';
import { OutOfOrderPanel } from './panels/OutOfOrderPanel.tsx';
import { StartingPanel } from './panels/StartingPanel.tsx';
import { UnknownPanel } from './panels/UnknownPanel.tsx';

const phaseOf = (model: SessionModel) => model.phase;

/** One panel for each phase; another key is another screen, which is drawn and focused anew. */
export function PhasePanel() {
  const phase = useSession(phaseOf);
  switch (phase.kind) {
    case 'starting':
      return <StartingPanel key="starting" progress={phase.progress} />;
    case 'attract':
      return <AttractPanel key={`attract-${phase.armed}`} armed={phase.armed} />;
    case 'consent':
      return <ConsentPanel key="consent" />;
    case 'looking':
      return <LookingPanel key="looking" hint={phase.hint} progress={0} />;
    case 'deciding':
      return <LookingPanel key="looking" hint={phase.hint} progress={phase.progress} />;
    case 'greeted':
      return <GreetedPanel key={`greeted-${phase.person.id}`} phase={phase} />;
    case 'page':
      return <PagePanel key={`page-${phase.page.id}`} phase={phase} />;
    case 'unknown':
      return <UnknownPanel key={`unknown-${phase.reason}`} reason={phase.reason} />;
    case 'lookup':
      return <LookupPanel key="lookup" status={phase.status} />;
    case 'leaving':
      return <LeavingPanel key="leaving" reason={phase.reason} />;
    case 'out-of-order':
      return <OutOfOrderPanel key={`out-${phase.reason}`} reason={phase.reason} detail={phase.detail} />;
    case 'suspended':
      return null;
    default:
      return phase satisfies never;
  }
}
