import type { Asking } from '@rounz/core/settings/settings.ts';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk, usePreferences, useSession, useSettings } from '../state/react.ts';
import type { SessionModel, SessionPhase } from '../state/session/model/types.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Icon } from '../ui/index.ts';
import { placeOf } from '../ui/theme/place.ts';
import { type TurnWords, turnWords } from './page/turn-words.ts';

/** The text key of what the kiosk says now. */
function guidanceOf({ phase }: SessionModel, asking: Asking['kind']) {
  if ('warning' in phase && phase.warning) return 'caption.ending';
  if (phase.kind === 'attract' && phase.armed && asking !== 'signs') return 'caption.asking';
  if (phase.kind === 'consent' && asking === 'step') return 'caption.step';
  return sayings[phase.kind](phase as never);
}

type Saying<Kind extends SessionPhase['kind']> = (phase: Extract<SessionPhase, { kind: Kind }>) => CaptionKey;
type CaptionKey =
  | 'caption.starting'
  | 'caption.awaited'
  | 'caption.attract'
  | 'caption.resting'
  | 'caption.asking'
  | 'caption.consent'
  | 'caption.step'
  | 'caption.looking'
  | 'caption.greeted'
  | 'caption.page'
  | 'caption.confirm'
  | 'caption.turn'
  | TurnWords
  | 'caption.unknown'
  | 'caption.doubted'
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
  confirm({ status, page, way }) {
    if (status.kind === 'turning') return turnWords(status.view);
    return status.kind === 'typing' && way === 'face' && !page.hasPin ? 'caption.turn' : 'caption.confirm';
  },
  unknown: ({ reason }) => (reason === 'doubted' ? 'caption.doubted' : 'caption.unknown'),
  lookup: () => 'caption.lookup',
  leaving: () => 'caption.leaving',
  suspended: () => 'caption.starting',
  'out-of-order': () => 'caption.out-of-order',
};

/** Phases without a visitor: nothing is spoken. */
const silent = ({ phase }: SessionModel): boolean =>
  (phase.kind === 'starting' && !phase.awaited) || phase.kind === 'attract' || phase.kind === 'suspended';

const near = ({ phase }: SessionModel): boolean => phase.kind === 'consent';

/** Says to whoever cannot see it where the kiosk stands, and where on it the way without a face and the call for staff are. */
function useWhere(): () => string {
  const { t } = useTranslation();
  return () => {
    const place = (way: 'without-face' | 'staff') => {
      const box = document.querySelector(`[data-way="${way}"]`)?.getBoundingClientRect();
      return box && t(`place.${placeOf(box, { width: innerWidth, height: innerHeight })}`);
    };
    const [withoutFace, staff] = [place('without-face'), place('staff')];
    return withoutFace && staff ? `${t('caption.where', { withoutFace, staff })} ` : '';
  };
}

/**
 * Shows the guidance as text and speaks it if there is a voice, it is on and somebody is there. To whoever comes near the voice
 * says first where things are, which the screen shows by being there. Names are never spoken.
 */
export function Caption() {
  const { t, i18n } = useTranslation();
  const { speaker } = useKiosk();
  const { voice } = usePreferences();
  const asking = useSettings(({ inForce }) => inForce.asking.kind);
  const text = t(useSession((model) => guidanceOf(model, asking)));
  const arrived = useSession(near);
  const where = useWhere();
  const quiet = useSession(silent) || !voice.on;
  // biome-ignore lint/correctness/useExhaustiveDependencies: where a button lies is read when something is said
  useEffect(() => {
    if (quiet) speaker.stop();
    else speaker.say(arrived ? where() + text : text, i18n.language, voice);
  }, [speaker, text, quiet, arrived, i18n.language, voice]);
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
