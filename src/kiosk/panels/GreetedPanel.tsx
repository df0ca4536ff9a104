import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import type { SessionPhase } from '../../state/session-types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatDate } from '../../ui/i18n/index.ts';
import { Button } from '../../ui/index.ts';
import { EndingNotice } from '../EndingNotice.tsx';
import { Panel } from '../Panel.tsx';

/** Characters up to which a name is set in the largest and in the next size, so that it never pushes the buttons away. */
const NAME_SIZES = { huge: 8, large: 18 } as const;

function nameSize({ length }: string): 'huge' | 'large' | 'normal' {
  if (length <= NAME_SIZES.huge) return 'huge';
  return length <= NAME_SIZES.large ? 'large' : 'normal';
}

export function GreetedPanel({ phase }: { readonly phase: Extract<SessionPhase, { kind: 'greeted' }> }) {
  const { t, i18n } = useTranslation();
  const { session } = useKiosk();
  const { person, until, warning } = phase;
  return (
    <Panel
      subject="greeted"
      title={
        <>
          <span className="panel__eyebrow">{t('greeted.welcome')}</span>
          <span className="panel__name" data-size={nameSize(person.name)} data-testid={TEST_IDS.greetingName}>
            {t('greeted.name', { name: person.name })}
          </span>
        </>
      }
      detail={
        warning ? (
          <EndingNotice until={until} />
        ) : (
          <>
            <p>{t('greeted.detail')}</p>
            <p className="panel__since">
              {t('greeted.since', { date: formatDate(person.enrolledAt, i18n.language) })}
            </p>
          </>
        )
      }
      actions={
        <>
          <Button look="primary" onClick={session.touch.done} data-testid={TEST_IDS.done}>
            {t('greeted.done')}
          </Button>
          <Button onClick={session.touch.notMe} data-testid={TEST_IDS.notMe}>
            {t('greeted.notMe')}
          </Button>
        </>
      }
    />
  );
}
