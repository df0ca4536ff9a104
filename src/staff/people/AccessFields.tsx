import { PEOPLE } from '@rounz/core/people/limits.ts';
import { useTranslation } from 'react-i18next';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TextField } from '../../ui/index.ts';
import type { AccessProblems } from './access.ts';

interface AccessFieldsProps {
  readonly telephone: string;
  readonly pin: string;
  readonly problems: AccessProblems;
  readonly onTelephone: (value: string) => void;
  readonly onPin: (value: string) => void;
}

/** A telephone number and the PIN that goes with it. */
export function AccessFields({ telephone, pin, problems, onTelephone, onPin }: AccessFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        label={t('staff.access.telephone')}
        help={t('staff.access.telephoneHelp')}
        problem={problems.telephone ? t(`staff.access.${problems.telephone}`) : undefined}
        inputMode="tel"
        value={telephone}
        onChange={(event) => onTelephone(event.currentTarget.value)}
        data-testid={STAFF_IDS.telephone}
      />
      <TextField
        secret
        label={t('staff.access.pin')}
        help={t('staff.access.pinHelp', PEOPLE.customerPin)}
        problem={problems.pin ? t(`staff.access.${problems.pin}`, PEOPLE.customerPin) : undefined}
        inputMode="numeric"
        value={pin}
        onChange={(event) => onPin(event.currentTarget.value)}
        data-testid={STAFF_IDS.telephonePin}
      />
    </>
  );
}
