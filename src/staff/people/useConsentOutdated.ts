import type { StaffPerson } from '../../gallery/contract/staff.ts';
import { isOutdated } from '../../state/enrolment/task.ts';
import { useKiosk } from '../../state/react.ts';

/** Whether a person agreed to an older consent text than the current one. */
export function useConsentOutdated(person: StaffPerson): boolean {
  const { config } = useKiosk();
  const hasFace = person.currentTemplates + person.oldTemplates > 0;
  return hasFace && isOutdated(person, config.enrolment);
}
