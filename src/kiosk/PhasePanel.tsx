import { useSession } from '../state/react.ts';
import type { SessionModel } from '../state/session-types.ts';
import { AttractPanel } from './panels/AttractPanel.tsx';
import { GreetedPanel } from './panels/GreetedPanel.tsx';
import { LeavingPanel } from './panels/LeavingPanel.tsx';
import { LookingPanel } from './panels/LookingPanel.tsx';
import { OutOfOrderPanel } from './panels/OutOfOrderPanel.tsx';
import { StartingPanel } from './panels/StartingPanel.tsx';
import { UnknownPanel } from './panels/UnknownPanel.tsx';

const phaseOf = (model: SessionModel) => model.phase;

/** One panel for each phase. */
export function PhasePanel() {
  const phase = useSession(phaseOf);
  switch (phase.kind) {
    case 'starting':
      return <StartingPanel progress={phase.progress} />;
    case 'attract':
      return <AttractPanel armed={phase.armed} />;
    case 'looking':
      return <LookingPanel hint={phase.hint} progress={0} />;
    case 'deciding':
      return <LookingPanel hint={phase.hint} progress={phase.progress} />;
    case 'greeted':
      return <GreetedPanel key={phase.person.id} phase={phase} />;
    case 'unknown':
      return <UnknownPanel key={phase.reason} phase={phase} />;
    case 'leaving':
      return <LeavingPanel />;
    case 'out-of-order':
      return <OutOfOrderPanel reason={phase.reason} detail={phase.detail} />;
    case 'suspended':
      return null;
    default:
      return phase satisfies never;
  }
}
