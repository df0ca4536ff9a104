import { useTranslation } from 'react-i18next';
import { type StepProps, TypedField } from './fields.tsx';

/** The shop, and who answers for the data: the consent text names them. */
export function ShopStep(props: StepProps) {
  const { t } = useTranslation();
  return (
    <>
      <TypedField {...props} name="shopName" />
      <TypedField {...props} name="shopPlace" />
      <div className="setup__pair">
        <TypedField {...props} name="opens" />
        <TypedField {...props} name="closes" />
      </div>
      <TypedField {...props} name="shopPage" />
      <h4 className="setup__heading">{t('staff.setup.privacy')}</h4>
      <p className="setup__note">{t('staff.setup.privacyLead')}</p>
      <TypedField {...props} name="operator" />
      <TypedField {...props} name="officer" />
      <TypedField {...props} name="contact" />
      <TypedField {...props} name="retentionDays" numeric />
      <TypedField {...props} name="hub" />
    </>
  );
}
