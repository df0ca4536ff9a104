import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccessLog, LogEntry } from '../../gallery/contract/log.ts';
import { type Failure, failureOf } from '../../state/engine/failure.ts';
import { useKiosk, useStaffRecords } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button, Icon } from '../../ui/index.ts';
import { usePinAgain } from '../parts/AskPin.tsx';
import { dated } from '../parts/download.ts';
import { ActOutcome } from '../parts/Outcome.tsx';
import { Problem } from '../parts/Problem.tsx';
import { SavedNotice } from '../parts/SavedNotice.tsx';
import { pickPlace, type SavedFile, save } from '../parts/save.ts';
import { useAct } from '../parts/use-act.ts';

type LogState =
  | { readonly kind: 'reading' }
  | { readonly kind: 'read'; readonly log: AccessLog }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** lines shown at once */
const PAGE = 60;
/** lines read at once: reading one takes some milliseconds, and a shop writes hundreds a day */
const READ = 120;

/** The access log, and whether it was changed. */
export function LogView() {
  const { t } = useTranslation();
  const { staffRecords, clock } = useKiosk();
  const [state, setState] = useState<LogState>({ kind: 'reading' });
  const [limit, setLimit] = useState(PAGE);
  const [newest, setNewest] = useState(READ);
  const exporting = useAct();
  const pinAgain = usePinAgain();
  const [saved, setSaved] = useState<SavedFile | null>(null);
  useEffect(() => {
    staffRecords
      .ask((desk) => desk.log(newest))
      .then(
        (log) => setState({ kind: 'read', log }),
        (error: unknown) => setState({ kind: 'failed', failure: failureOf(error) }),
      );
  }, [staffRecords, newest]);
  const whole = useWholeCheck(state);
  if (state.kind === 'reading') return <p className="staff__empty">{t('staff.journal.reading')}</p>;
  if (state.kind === 'failed') return <Problem failure={state.failure} />;
  const { entries, total, first } = state.log;
  function more() {
    const next = limit + PAGE;
    setLimit(next);
    if (next > entries.length && entries.length < total) setNewest(newest + READ);
  }
  return (
    <section className="log">
      <h2 className="staff__heading">{t('staff.journal.title')}</h2>
      <p className="staff__lead">{t('staff.journal.lead')}</p>
      <Chain log={state.log} whole={whole} />
      <Button
        disabled={exporting.busy}
        onClick={() =>
          pinAgain.ask(
            () =>
              void exporting.run(async (onProgress) => {
                const name = dated('rounz-access-log', 'jsonl', clock);
                const place = await pickPlace(name);
                const file = await staffRecords.ask((desk) => desk.exportLog(onProgress));
                setSaved(await save(file, name, place, clock));
              }),
          )
        }
        data-testid={STAFF_IDS.logExport}
      >
        {t('staff.journal.export')}
      </Button>
      {pinAgain.dialog}
      {exporting.act.kind !== 'done' && <ActOutcome act={exporting.act} busy={t('staff.busy')} done="" />}
      {exporting.act.kind === 'done' && saved && (
        <SavedNotice saved={saved} downloaded={t('staff.journal.exported')} />
      )}
      <ol className="log__lines" reversed start={first + total - 1}>
        {entries
          .toReversed()
          .slice(0, limit)
          .map((entry) => (
            <LogLine key={entry.seq} entry={entry} />
          ))}
      </ol>
      {total > limit && <Button onClick={more}>{t('staff.list.more', { count: total - limit })}</Button>}
    </section>
  );
}

/** Whether every line was checked: a share of them, or what came out. */
type Whole = { readonly share: number } | { readonly intact: AccessLog['intact'] };

/** The newest lines are shown at once; those before them are checked meanwhile. */
function useWholeCheck(state: LogState): Whole {
  const { staffRecords } = useKiosk();
  const [whole, setWhole] = useState<Whole>({ share: 0 });
  const log = state.kind === 'read' ? state.log : null;
  useEffect(() => {
    if (!log) return;
    if (!log.intact.ok || log.checkedFrom <= log.first) return setWhole({ intact: log.intact });
    let gone = false;
    staffRecords
      .ask((desk) => desk.checkLog((share) => !gone && setWhole({ share })))
      .then(
        (intact) => !gone && setWhole({ intact }),
        (error: unknown) => !gone && setWhole({ intact: { ok: false, reason: failureOf(error).detail } }),
      );
    return () => {
      gone = true;
    };
  }, [staffRecords, log]);
  return whole;
}

function Chain({ log, whole }: { readonly log: AccessLog; readonly whole: Whole }) {
  const { t } = useTranslation();
  const { total, first } = log;
  if ('share' in whole)
    return (
      <p className="notice" role="status" data-testid={STAFF_IDS.logChain} data-intact="checking">
        {t('staff.journal.checking', { percent: Math.round(whole.share * 100) })}
      </p>
    );
  const { intact } = whole;
  return (
    <p
      className={`notice${intact.ok ? ' notice--good' : ' notice--alert'}`}
      role={intact.ok ? 'status' : 'alert'}
      data-testid={STAFF_IDS.logChain}
      data-intact={intact.ok}
    >
      <Icon name={intact.ok ? 'check' : 'info'} />
      {intact.ok
        ? `${t('staff.journal.intact', { count: total })}${first > 1 ? ` ${t('staff.journal.since', { line: first })}` : ''}`
        : t('staff.journal.broken', { reason: intact.reason })}
    </p>
  );
}

function LogLine({ entry }: { readonly entry: LogEntry }) {
  const { t, i18n } = useTranslation();
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'medium' });
  return (
    <li className="log__line" data-testid={STAFF_IDS.logLine} data-action={entry.action}>
      <time className="log__time" dateTime={entry.at}>
        {time.format(new Date(entry.at))}
      </time>
      <span className="log__what">
        {t(`staff.journal.action.${entry.action}`)}
        <PersonOf entry={entry} />
      </span>
      <span className="tag">{useWho(entry)}</span>
    </li>
  );
}

/** Who did it: staff by their names, where they have PINs of their own. */
function useWho({ actor, by }: LogEntry): string {
  const { t } = useTranslation();
  if (by === null) return t(`staff.journal.actor.${actor}`);
  const name = by === 'main' ? t('staff.journal.main') : by.name;
  return actor === 'person' ? t('staff.journal.confirmedBy', { name }) : name;
}

/** The log holds no customers' names. A name is shown if the person is still enrolled. */
function PersonOf({ entry: { person, action, detail } }: { readonly entry: LogEntry }) {
  const list = useStaffRecords((state) => state.list);
  if (action.startsWith('member-')) return <span className="log__person">{detail}</span>;
  if (!person) return null;
  const known = list.kind === 'read' ? list.people.find(({ id }) => id === person) : undefined;
  return <span className="log__person">{known?.name ?? person.slice(0, 8)}</span>;
}
