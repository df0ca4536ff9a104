import { useTranslation } from 'react-i18next';
import { Panel } from '../Panel.tsx';
import { WithoutFace } from '../WithoutFace.tsx';

/** Somebody has touched a kiosk that cannot look yet: it asks for a moment and goes on by itself. */
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
