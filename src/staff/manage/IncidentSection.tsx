import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lostOf } from '../../state/engine/people.ts';
import { useKiosk, usePeople, useSettings } from '../../state/react.ts';
import { findingsOf, foundAt, type IncidentFacts, incidentOf } from '../../state/staff/incident.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button, TextField, Tick } from '../../ui/index.ts';
import { usePinAgain } from '../parts/AskPin.tsx';
import { dated, download } from '../parts/download.ts';
import { ActOutcome } from '../parts/Outcome.tsx';
import { Section } from '../parts/Section.tsx';
import { useAct } from '../parts/use-act.ts';
import { namesOf, reportOf } from './incident-report.ts';

const file = (text: string, type: string) => new Blob([text], { type: `${type};charset=utf-8` });

/** From what the kiosk finds wrong, or what staff say is lost, to a report that can be handed on. */
export function IncidentSection() {
  const { t, i18n } = useTranslation();
  const { staffRecords, clock } = useKiosk();
  const settings = useSettings(({ inForce }) => inForce);
  const lost = lostOf(usePeople());
  const { act, busy, run } = useAct();
  const pinAgain = usePinAgain();
  const [facts, setFacts] = useState<IncidentFacts | null>(null);
  const [backupLost, setBackupLost] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const findings = facts ? findingsOf(facts, backupLost) : [];
  const found = foundAt(findings);
  const noticed = typed ?? minuteOf(found ?? clock.date());
  const typedAt = utcOf(noticed);
  const late = typedAt !== null && found !== null && minuteOf(typedAt) > minuteOf(found);
  const noticedAt = late ? null : typedAt;
  const incident = noticedAt ? incidentOf(findings, noticedAt) : null;

  const check = () =>
    run(() =>
      staffRecords.ask(async (desk) => {
        const intact = await desk.checkLog();
        const { people, damaged } = await desk.people();
        const removed = (await desk.undoable()).filter(({ action }) => action === 'removed');
        const firstKnown = await desk.firstKnown();
        setFacts({ people, removed, damaged, lost, log: intact, firstKnown });
        setTyped(null);
      }),
    );
  const hand = (what: 'report' | 'names') =>
    run(() =>
      staffRecords.ask(async (desk) => {
        if (!incident || !facts) return;
        await desk.noteIncident(what, findings.map(({ kind }) => kind).join(', '));
        const report = file(reportOf(incident, settings, t, i18n.language), 'text/plain');
        const names = file(namesOf(facts, t), 'text/csv');
        if (what === 'report') download(report, dated('rounz-incident', 'txt', clock), clock);
        else download(names, dated('rounz-incident-names', 'csv', clock), clock);
      }),
    );

  return (
    <Section title={t('staff.incident.title')} lead={t('staff.incident.lead')}>
      <div className="sheet__form" data-testid={STAFF_IDS.incident} data-findings={findings.length}>
        <Button
          icon="info"
          disabled={busy}
          onClick={() => void check()}
          data-testid={STAFF_IDS.incidentCheck}
        >
          {t('staff.incident.check')}
        </Button>
        {facts && (
          <>
            <Tick
              checked={backupLost}
              onChange={(event) => setBackupLost(event.currentTarget.checked)}
              data-testid={STAFF_IDS.incidentBackup}
            >
              {t('staff.incident.backupLost')}
            </Tick>
            {findings.length === 0 && (
              <p className="sheet__lead" role="status">
                {t('staff.incident.none')}
              </p>
            )}
          </>
        )}
        {findings.length > 0 && (
          <>
            <ul className="marks">
              {findings.map(({ kind, people }) => (
                <li key={kind} className="notice notice--alert" data-kind={kind}>
                  {t(`staff.incident.kind.${kind}`)} {t('staff.incident.report.concerns', { count: people })}
                </li>
              ))}
            </ul>
            <TextField
              label={t('staff.incident.noticed')}
              help={found ? t('staff.incident.noticedByKiosk') : t('staff.incident.noticedHelp')}
              problem={
                noticedAt ? undefined : t(late ? 'staff.incident.noticedLate' : 'staff.incident.noticedWrong')
              }
              value={noticed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              data-testid={STAFF_IDS.incidentNoticed}
            />
            {incident && (
              <p role="status" data-testid={STAFF_IDS.incidentBy}>
                {t('staff.incident.by', { by: `${incident.tellBy.slice(0, 16).replace('T', ' ')} UTC` })}
              </p>
            )}
            <div className="sheet__actions">
              <Button
                disabled={busy || !incident}
                onClick={() => void hand('report')}
                data-testid={STAFF_IDS.incidentReport}
              >
                {t('staff.incident.make')}
              </Button>
              <Button
                disabled={busy || !incident}
                onClick={() => pinAgain.ask(() => void hand('names'))}
                data-testid={STAFF_IDS.incidentNames}
              >
                {t('staff.incident.names')}
              </Button>
            </div>
            <p className="sheet__lead">{t('staff.incident.namesLead')}</p>
          </>
        )}
        {pinAgain.dialog}
        <ActOutcome act={act} busy={t('staff.busy')} done={t('staff.incident.done')} />
      </div>
    </Section>
  );
}

/** `2026-11-28 10:30`, of a moment in ISO 8601. */
const minuteOf = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

/** `2026-11-28 10:30` in UTC as ISO 8601; null where it is no date. */
function utcOf(typed: string): string | null {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{1,2}):(\d{2})$/.exec(typed.trim());
  if (!match) return null;
  const at = Date.parse(`${match[1]}T${match[2]!.padStart(2, '0')}:${match[3]}:00Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
