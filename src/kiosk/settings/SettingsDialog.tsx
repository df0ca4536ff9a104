import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk, usePreferences } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, Choice, Dialog } from '../../ui/index.ts';

const VOLUMES = [0.3, 0.6, 1] as const;
const PACES = [0.7, 1, 1.5] as const;

/** The visitor's settings for text, colours, position and voice. Each takes effect at once. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { session, preferences } = useKiosk();
  const chosen = usePreferences();
  // A choice shows that the visitor is present.
  useEffect(() => {
    if (chosen) session.touch('active');
  }, [session, chosen]);
  return (
    <Dialog
      sheet
      testId={TEST_IDS.settingsDialog}
      title={t('settings.title')}
      onClose={onClose}
      actions={
        <Button look="primary" onClick={onClose} data-testid={TEST_IDS.settingsClose}>
          {t('settings.close')}
        </Button>
      }
    >
      <div className="settings">
        <Choice
          label={t('settings.textSize')}
          testId={TEST_IDS.settingTextSize}
          value={chosen.textSize}
          options={([100, 150, 200] as const).map((percent) => ({
            value: percent,
            label: t('settings.size', { percent }),
          }))}
          onChange={(textSize) => preferences.set({ textSize })}
        />
        <Choice
          label={t('settings.contrast')}
          testId={TEST_IDS.settingContrast}
          value={chosen.contrast}
          options={[
            { value: 'normal', label: t('settings.normal') },
            { value: 'high', label: t('settings.high') },
          ]}
          onChange={(contrast) => preferences.set({ contrast })}
        />
        <Choice
          label={t('settings.theme')}
          testId={TEST_IDS.settingTheme}
          value={chosen.theme}
          options={[
            { value: 'light', label: t('settings.light') },
            { value: 'dark', label: t('settings.dark') },
          ]}
          onChange={(theme) => preferences.set({ theme })}
        />
        <Choice
          label={t('settings.position')}
          testId={TEST_IDS.settingPosition}
          value={chosen.position}
          options={[
            { value: 'normal', label: t('settings.usual') },
            { value: 'low', label: t('settings.low') },
          ]}
          onChange={(position) => preferences.set({ position })}
        />
        <Choice
          label={t('settings.motion')}
          testId={TEST_IDS.settingMotion}
          value={chosen.calm ? 'still' : 'moving'}
          options={[
            { value: 'moving', label: t('settings.moving') },
            { value: 'still', label: t('settings.still') },
          ]}
          onChange={(motion) => preferences.set({ calm: motion === 'still' })}
        />
        <VoiceChoices />
      </div>
    </Dialog>
  );
}

function VoiceChoices() {
  const { t, i18n } = useTranslation();
  const { preferences, speaker } = useKiosk();
  const { voice } = usePreferences();
  return (
    <>
      <Choice
        label={t('settings.voice')}
        testId={TEST_IDS.settingVoice}
        value={voice.on ? 'on' : 'off'}
        options={[
          { value: 'on', label: t('settings.on') },
          { value: 'off', label: t('settings.off') },
        ]}
        onChange={(on) => preferences.setVoice({ on: on === 'on' })}
      />
      <Choice
        label={t('settings.volume')}
        testId={TEST_IDS.settingVolume}
        value={voice.volume}
        options={VOLUMES.map((value, step) => ({
          value,
          label: t(
            (['settings.quieter', 'settings.normal', 'settings.louder'] as const)[step] ?? 'settings.normal',
          ),
        }))}
        onChange={(volume) => preferences.setVoice({ volume })}
      />
      <Choice
        label={t('settings.pace')}
        testId={TEST_IDS.settingPace}
        value={voice.pace}
        options={PACES.map((value, step) => ({
          value,
          label: t(
            (['settings.slower', 'settings.normal', 'settings.faster'] as const)[step] ?? 'settings.normal',
          ),
        }))}
        onChange={(pace) => preferences.setVoice({ pace })}
      />
      {!speaker.available(i18n.language) && <p className="settings__note">{t('settings.noVoice')}</p>}
    </>
  );
}
