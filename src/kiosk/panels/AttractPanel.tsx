import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';
import { Panel } from '../Panel.tsx';
import { WithoutFace } from '../WithoutFace.tsx';

/** Nobody is served: an invitation, and in one line what happens to a face. */
export function AttractPanel({ armed }: { readonly armed: boolean }) {
  const { t } = useTranslation();
  const { session } = useKiosk();
  if (armed)
    return (
      <Panel
        subject="attract"
        title={t('attract.title')}
        detail={t('attract.detail')}
        note={t('privacy.line')}
        actions={<WithoutFace />}
      />
    );
  return (
    <Panel
      subject="done"
      title={t('attract.doneTitle')}
      detail={t('attract.doneDetail')}
      actions={
        <>
          <Button icon="again" onClick={() => session.touch('wake')} data-testid={TEST_IDS.tryAgain}>
            {t('attract.wake')}
          </Button>
          <WithoutFace />
        </>
      }
      note={t('privacy.line')}
    />
  );
}
