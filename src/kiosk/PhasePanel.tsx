import { useSession } from '../state/react.ts';
import type { SessionModel } from '../state/session/model/types.ts';
import { LookupPanel } from './lookup/LookupPanel.tsx';
import { ConfirmPanel } from './page/ConfirmPanel.tsx';
import { PagePanel } from './page/PagePanel.tsx';
import { AttractPanel } from './panels/AttractPanel.tsx';
import { AwaitedPanel } from './panels/AwaitedPanel.tsx';
import { ConsentPanel } from './panels/ConsentPanel.tsx';
import { DonePanel } from './panels/DonePanel.tsx';
import { GreetedPanel } from './panels/GreetedPanel.tsx';
import { LeavingPanel } from './panels/LeavingPanel.tsx';
import { LookingPanel } from './panels/LookingPanel.tsx';
import { OutOfOrderPanel } from './panels/OutOfOrderPanel.tsx';
import { UnknownPanel } from './panels/UnknownPanel.tsx';

const phaseOf = (model: SessionModel) => model.phase;

/** One panel for each phase. A panel with another key is mounted and focused anew. */
export function PhasePanel() {
  const phase = useSession(phaseOf);
  switch (phase.kind) {
    case 'starting':
      // The invitation is painted first and stays when the kiosk is ready.
      return phase.awaited ? <AwaitedPanel key="awaited" /> : <AttractPanel key="attract" />;
    case 'attract':
      return phase.armed ? <AttractPanel key="attract" /> : <DonePanel key="done" />;
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
    case 'confirm': {
      // Another customer, or one with another way to confirm, begins anew.
      const { act, way, page } = phase;
      return <ConfirmPanel key={`confirm-${act}-${way}-${page.id}-${page.hasPin}`} phase={phase} />;
    }
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
