import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk, usePreferences, useSession } from '../state/react.ts';
import type { SessionModel, SessionPhase } from '../state/session/model/types.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Icon } from '../ui/index.ts';

/** The text key of what the kiosk says now. */
function guidanceOf({ phase }: SessionModel) {
  if ('warning' in phase && phase.warning) return 'caption.ending';
  return sayings[phase.kind](phase as never);
}

type Saying<Kind extends SessionPhase['kind']> = (phase: Extract<SessionPhase, { kind: Kind }>) => CaptionKey;
type CaptionKey =
  | 'caption.starting'
  | 'caption.awaited'
  | 'caption.attract'
  | 'caption.resting'
  | 'caption.consent'
  | 'caption.looking'
  | 'caption.greeted'
  | 'caption.page'
  | 'caption.unknown'
  | 'caption.lookup'
  | 'caption.leaving'
  | 'caption.out-of-order'
  | 'caption.ending'
  | `hint.${NonNullable<Extract<SessionPhase, { kind: 'looking' }>['hint']>}`;

const sayings: { readonly [Kind in SessionPhase['kind']]: Saying<Kind> } = {
  starting: ({ awaited }) => (awaited ? 'caption.awaited' : 'caption.starting'),
  attract: ({ armed }) => (armed ? 'caption.attract' : 'caption.resting'),
  consent: () => 'caption.consent',
  looking: ({ hint }) => (hint ? `hint.${hint}` : 'caption.looking'),
  deciding: ({ hint }) => (hint ? `hint.${hint}` : 'caption.looking'),
  greeted: () => 'caption.greeted',
  page: () => 'caption.page',
  unknown: () => 'caption.unknown',
  lookup: () => 'caption.lookup',
  leaving: () => 'caption.leaving',
  suspended: () => 'caption.starting',
  'out-of-order': () => 'caption.out-of-order',
};

/** Phases without a visitor: nothing is spoken. */
const silent = ({ phase }: SessionModel): boolean =>
  (phase.kind === 'starting' && !phase.awaited) || phase.kind === 'attract' || phase.kind === 'suspended';

/** Shows the guidance as text and speaks it if there is a voice, it is on and somebody is there. Names are never spoken. */
export function Caption() {
  const { t, i18n } = useTranslation();
  const { speaker } = useKiosk();
  const { voice } = usePreferences();
  const text = t(useSession(guidanceOf));
  const quiet = useSession(silent) || !voice.on;
  useEffect(() => {
    if (quiet) speaker.stop();
    else speaker.say(text, i18n.language, voice);
  }, [speaker, text, quiet, i18n.language, voice]);
  useEffect(() => () => speaker.stop(), [speaker]);
  return (
    <p className="caption" role="status" data-testid={TEST_IDS.caption}>
      <span className="caption__sign" data-on={voice.on && speaker.available(i18n.language)}>
        <Icon name="speaker" />
      </span>
      <span>{text}</span>
    </p>
  );
}
