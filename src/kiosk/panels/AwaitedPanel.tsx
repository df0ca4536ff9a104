import { useTranslation } from 'react-i18next';
import { Panel } from '../parts/Panel.tsx';
import { WithoutFace } from '../parts/WithoutFace.tsx';

/** Asks a visitor to wait who touched the screen before the kiosk was ready. */
export function AwaitedPanel() {
  const { t } = useTranslation();
  return (
    <Panel
      subject="awaited"
      title={t('starting.awaited.title')}
      detail={t('starting.awaited.detail')}
      actions={<WithoutFace />}
      note={t('privacy.line')}
    />
  );
}
