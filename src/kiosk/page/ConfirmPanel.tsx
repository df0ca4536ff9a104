import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isPin, typedDigits } from '@rounz/core/people/pin.ts';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import type { ConfirmStatus, SessionPhase } from '../../state/session/model/types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatTime } from '../../ui/i18n/index.ts';
import { afterKey, Button, Keypad } from '../../ui/index.ts';
import { DigitField } from '../lookup/DigitField.tsx';
import { Panel } from '../parts/Panel.tsx';
import { TurnOffer } from './TurnOffer.tsx';
import { TurnPanel } from './TurnPanel.tsx';

type Confirming = Extract<SessionPhase, { kind: 'confirm' }>;
type By = 'own' | 'staff';

const LIMITS = { own: PEOPLE.customerPin, staff: PEOPLE.staffPin } as const;

/**
 * Asks for the customer's PIN, or for staff's, before the record is erased or a consent renewed. Whoever has no PIN may turn their
 * head instead.
 */
export function ConfirmPanel({ phase }: { readonly phase: Confirming }) {
  const { t } = useTranslation();
  const { session } = useKiosk();
  const { act, page, way, status } = phase;
  const [offered, setOffered] = useState(way === 'face' && !page.hasPin);
  const [by, setBy] = useState<By>(page.hasPin ? 'own' : 'staff');
  const form = usePin(status, by);
  if (status.kind === 'turning') return <TurnPanel view={status.view} />;
  if (offered && status.kind === 'typing') return <TurnOffer act={act} onStaff={() => setOffered(false)} />;
  return (
    // Its parts are those of the look-up, and so is its layout.
    <Panel subject="lookup" title={t(`confirm.title.${by}`)}>
      <form
        className="lookup"
        onSubmit={form.send}
        noValidate
        autoComplete="off"
        data-testid={TEST_IDS.confirmForm}
        data-by={by}
      >
        <div className="lookup__fields">
          <DigitField
            secret
            active
            label={t(`confirm.pin.${by}`)}
            shown={form.pin}
            invalid={form.incomplete}
            testId={TEST_IDS.confirmPin}
            input={form.input}
            onFocus={() => {}}
            onChange={form.type}
          />
          <Words phase={phase} by={by} incomplete={form.incomplete} />
        </div>
        <Keypad onKey={(key) => form.type(afterKey(form.pin, key))} testId={TEST_IDS.key} />
        <div className="lookup__actions confirm__actions">
          <Button
            submit
            look={act === 'forget' ? 'danger' : 'primary'}
            disabled={status.kind === 'checking'}
            data-testid={TEST_IDS.confirmSend}
          >
            {t(`confirm.send.${act}`)}
          </Button>
          {page.hasPin && (
            <Button
              icon={by === 'own' ? 'staff' : 'lock'}
              onClick={() => {
                form.type('');
                setBy(by === 'own' ? 'staff' : 'own');
              }}
              data-testid={TEST_IDS.confirmBy}
            >
              {t(by === 'own' ? 'confirm.askStaff' : 'confirm.askOwn')}
            </Button>
          )}
          <Button icon="back" onClick={() => session.touch('done')} data-testid={TEST_IDS.confirmBack}>
            {t('lookup.back')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

/** What has been typed; cleared with each answer and kept nowhere else. */
function usePin(status: ConfirmStatus, by: By) {
  const { i18n } = useTranslation();
  const { session, visit } = useKiosk();
  const [pin, setPin] = useState('');
  const [incomplete, setIncomplete] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Also when the other PIN is asked for.
    if (by) input.current?.focus({ preventScroll: true });
  }, [by]);
  useEffect(() => {
    if (status.kind !== 'typing' && status.kind !== 'checking') setPin('');
  }, [status]);
  return {
    pin,
    incomplete,
    input,
    type(text: string) {
      session.touch('active');
      setIncomplete(false);
      setPin(typedDigits(text, LIMITS[by].max));
    },
    send(event: FormEvent) {
      event.preventDefault();
      if (isPin(pin, LIMITS[by])) void visit.confirm({ kind: `${by}-pin`, pin }, i18n.language);
      else {
        setIncomplete(true);
        input.current?.focus();
      }
    },
  };
}

interface WordsProps {
  readonly phase: Confirming;
  readonly by: By;
  readonly incomplete: boolean;
}

/** What the PIN does, and then what was wrong with it. */
function Words({ phase: { act, page, status }, by, incomplete }: WordsProps) {
  const { t, i18n } = useTranslation();
  const words = () => {
    if (incomplete) return t(`confirm.missing.${by}`, LIMITS[by]);
    switch (status.kind) {
      case 'typing':
        return page.hasPin ? t(`confirm.hint.${by}.${act}`) : t('confirm.noPin');
      case 'wait':
        return t('lookup.wait', { time: formatTime(status.retryAt, i18n.language) });
      case 'checking':
      case 'wrong':
      case 'other':
      case 'unseen':
      case 'unturned':
      case 'failed':
        return t(`confirm.${status.kind}`);
      case 'turning':
        return null;
      default:
        return status satisfies never;
    }
  };
  const calm = !incomplete && (status.kind === 'typing' || status.kind === 'checking');
  return (
    <p
      className={`lookup__problem${calm ? ' confirm__hint' : ' problem'}`}
      role={calm ? 'status' : 'alert'}
      data-testid={TEST_IDS.confirmProblem}
      data-status={status.kind}
    >
      {words()}
    </p>
  );
}
