import { useTranslation } from 'react-i18next';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TextField } from '../../ui/index.ts';
import { ACCESS, type AccessProblem } from './access.ts';

interface AccessFieldsProps {
  readonly telephone: string;
  readonly pin: string;
  readonly problems: readonly AccessProblem[];
  readonly onTelephone: (value: string) => void;
  readonly onPin: (value: string) => void;
}

/** A telephone number and the PIN that goes with it. */
export function AccessFields({ telephone, pin, problems, onTelephone, onPin }: AccessFieldsProps) {
  const { t } = useTranslation();
  const words = (problem: AccessProblem) =>
    problems.includes(problem) ? t(`staff.access.${problem}`) : undefined;
  return (
    <>
      <TextField
        label={t('staff.access.telephone')}
        help={t('staff.access.telephoneHelp')}
        problem={words('telephone-invalid')}
        inputMode="tel"
        value={telephone}
        onChange={(event) => onTelephone(event.currentTarget.value)}
        data-testid={STAFF_IDS.telephone}
      />
      <TextField
        secret
        label={t('staff.access.pin')}
        help={t('staff.access.pinHelp', ACCESS.pin)}
        problem={words('pin-invalid')}
        inputMode="numeric"
        value={pin}
        onChange={(event) => onPin(event.currentTarget.value)}
        data-testid={STAFF_IDS.telephonePin}
      />
    </>
  );
}
