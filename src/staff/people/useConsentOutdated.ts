import type { StaffPerson } from '../../gallery/contract/staff.ts';
import { isOutdated } from '../../state/enrolment/task.ts';
import { useKiosk } from '../../state/react.ts';

/** Whether somebody's face is kept under an older text than today's. */
export function useConsentOutdated(person: StaffPerson): boolean {
  const { config } = useKiosk();
  const hasFace = person.currentTemplates + person.oldTemplates > 0;
  return hasFace && isOutdated(person, config.enrolment);
}
