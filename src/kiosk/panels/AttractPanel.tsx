import { useTranslation } from 'react-i18next';
import { Panel } from '../parts/Panel.tsx';
import { WithoutFace } from '../parts/WithoutFace.tsx';
import { useWakeByTouch } from './useWakeByTouch.ts';

/** Invites the next visitor, and says in one line how faces are treated. */
export function AttractPanel() {
  const { t } = useTranslation();
  useWakeByTouch();
  return (
    <Panel
      subject="attract"
      title={t('attract.title')}
      detail={t('attract.detail')}
      note={t('privacy.line')}
      actions={<WithoutFace />}
    />
  );
}
