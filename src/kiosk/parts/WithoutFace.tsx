import { useTranslation } from 'react-i18next';
import { useKiosk, useSession } from '../../state/react.ts';
import type { SessionModel } from '../../state/session/model/types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';

interface WithoutFaceProps {
  readonly look?: 'primary' | 'plain';
  /** in its own words for the unknown and out-of-order screens */
  readonly label?: string;
}

const galleryOf = (model: SessionModel) => model.systems.gallery.kind;

/** The button for visitors who do not want to show their face or cannot. It needs the gallery only. */
export function WithoutFace({ look = 'plain', label }: WithoutFaceProps) {
  const { t } = useTranslation();
  const { session } = useKiosk();
  const ready = useSession(galleryOf) === 'ready';
  return (
    ready && (
      <Button
        look={look}
        icon="phone"
        data-way="without-face"
        onClick={() => session.touch('without-face')}
        data-testid={TEST_IDS.withoutFace}
      >
        {label ?? t('withoutFace')}
      </Button>
    )
  );
}
