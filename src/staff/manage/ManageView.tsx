import { BackupSection } from './BackupSection.tsx';
import { IncidentSection } from './IncidentSection.tsx';
import { MembersSection } from './MembersSection.tsx';
import { PinSection } from './PinSection.tsx';
import { RekeySection } from './RekeySection.tsx';
import { RestoreSection } from './RestoreSection.tsx';
import { StrictnessSection } from './StrictnessSection.tsx';
import { WeeksSection } from './WeeksSection.tsx';
import { WipeSection } from './WipeSection.tsx';

/** Actions on the whole kiosk, from harmless to destructive. */
export function ManageView() {
  return (
    <div className="sheets">
      <WeeksSection />
      <StrictnessSection />
      <BackupSection />
      <RestoreSection />
      <PinSection />
      <IncidentSection />
      <MembersSection />
      <RekeySection />
      <WipeSection />
    </div>
  );
}
