import { useTranslation } from 'react-i18next';
import { Panel } from '../Panel.tsx';

export function LeavingPanel() {
  const { t } = useTranslation();
  return <Panel subject="leaving" title={t('leaving.title')} detail={t('leaving.detail')} />;
}
