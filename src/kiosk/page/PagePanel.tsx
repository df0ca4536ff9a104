import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import type { SessionPhase } from '../../state/session/model/types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatDate, formatNumber } from '../../ui/i18n/index.ts';
import { Button } from '../../ui/index.ts';
import { CustomerName } from '../parts/CustomerName.tsx';
import { Panel } from '../parts/Panel.tsx';
import { ConsentRenewal } from './ConsentRenewal.tsx';
import { ForgetDialog } from './ForgetDialog.tsx';
import { Frames } from './Frames.tsx';

type Page = Extract<SessionPhase, { kind: 'page' }>;

/** A customer's page: last visit, saved frames, the shop's frames. */
export function PagePanel({ phase }: { readonly phase: Page }) {
  const { t } = useTranslation();
  const { session } = useKiosk();
  const [forgetting, setForgetting] = useState(false);
  const { page, way } = phase;
  return (
    <Panel
      subject="page"
      title={
        <>
          <span className="panel__eyebrow">{t('page.welcome')}</span>
          <CustomerName name={page.name} />
        </>
      }
      detail={<Visits page={page} />}
      actions={
        <>
          <Button look="primary" onClick={() => session.touch('done')} data-testid={TEST_IDS.done}>
            {t('page.done')}
          </Button>
          {way === 'face' && (
            <Button onClick={() => session.touch('not-me')} data-testid={TEST_IDS.notMe}>
              {t('page.notMe')}
            </Button>
          )}
          <Button look="quiet" icon="trash" onClick={() => setForgetting(true)} data-testid={TEST_IDS.forget}>
            {t('page.forget')}
          </Button>
        </>
      }
    >
      <Frames saved={page.savedFrames} notice={<ConsentRenewal page={page} />} />
      {forgetting && (
        <ForgetDialog onClose={() => setForgetting(false)} onForget={() => session.touch('forget')} />
      )}
    </Panel>
  );
}

function Visits({ page }: Pick<Page, 'page'>) {
  const { t, i18n } = useTranslation();
  const date = (iso: string) => formatDate(iso, i18n.language);
  return (
    <p className="visits">
      <span data-testid={TEST_IDS.pageLastVisit}>
        {page.lastVisit ? t('page.lastVisit', { date: date(page.lastVisit) }) : t('page.firstVisit')}
      </span>
      <span>{t('page.visits', { number: formatNumber(page.visits, i18n.language) })}</span>
    </p>
  );
}
