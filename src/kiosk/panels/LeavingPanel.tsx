import { useTranslation } from 'react-i18next';
import type { LeavingReason } from '../../state/session/model/types.ts';
import { Panel } from '../parts/Panel.tsx';

export function LeavingPanel({ reason }: { readonly reason: LeavingReason }) {
  const { t } = useTranslation();
  return (
    <Panel subject="leaving" title={t(`leaving.${reason}.title`)} detail={t(`leaving.${reason}.detail`)} />
  );
}
