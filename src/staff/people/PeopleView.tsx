import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DamagedRecord } from '../../gallery/contract/person.ts';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import { doubtedClockOf, lostOf } from '../../state/engine/people.ts';
import { useKiosk, usePeople, useStaffRecords } from '../../state/react.ts';
import { selectedPerson } from '../../state/staff/records.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, TextField } from '../../ui/index.ts';
import { ClockNotice } from './ClockNotice.tsx';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import { DamagedRecords } from './DamagedRecords.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import { LostNotice } from './LostNotice.tsx';
import { PersonPage } from './PersonPage.tsx';
import { PersonRow } from './PersonRow.tsx';
import { found } from './search.ts';
import { UndoSection } from './UndoSection.tsx';

/** What staff are about to change and must confirm. */
type Question =
  | { readonly kind: 'discard'; readonly record: DamagedRecord }
  | { readonly kind: 'remove-demo' };

/** The list of people, or the page of one of them. */
export function PeopleView() {
  const { t } = useTranslation();
  const { staffRecords, people } = useKiosk();
  const list = useStaffRecords((state) => state.list);
  const person = useStaffRecords(selectedPerson);
  const state = usePeople();
  const [lost, clock] = [lostOf(state), doubtedClockOf(state)];
  const [question, setQuestion] = useState<Question | null>(null);
  useEffect(() => {
    void staffRecords.read();
    // What is amiss may have come up since the kiosk started.
    void people.refresh().catch(() => {});
  }, [staffRecords, people]);
  if (person) return <PersonPage key={person.id} person={person} />;
  if (list.kind === 'unread' || list.kind === 'reading')
    return <p className="staff__empty">{t('people.opening')}</p>;
  if (list.kind === 'failed')
    return (
      <p className="notice notice--alert" role="alert">
        {t('people.failed')} {list.detail}
      </p>
    );
  return (
    <>
      <DamagedRecords
        records={list.damaged}
        onDiscard={(record) => setQuestion({ kind: 'discard', record })}
      />
      {clock && <ClockNotice clock={clock} />}
      {lost && <LostNotice lost={lost} />}
      <UndoSection />
      {list.people.length > 0 && <PeopleList people={list.people} />}
      {list.people.length === 0 && !lost && <FirstSteps />}
      {list.people.some(({ demo }) => demo) && (
        <div className="staff__end">
          <Button onClick={() => setQuestion({ kind: 'remove-demo' })} data-testid={TEST_IDS.removeDemo}>
            {t('people.removeDemo')}
          </Button>
        </div>
      )}
      {question && <Confirm question={question} onClose={() => setQuestion(null)} />}
    </>
  );
}

/** number of people from which the search field is shown */
const SEARCH_FROM = 4;
/** people shown at once; a button shows more */
const PAGE = 50;

function PeopleList({ people }: { readonly people: readonly StaffPerson[] }) {
  const { t } = useTranslation();
  const [sought, setSought] = useState('');
  const [limit, setLimit] = useState(PAGE);
  const matching = found(people, sought);
  return (
    <section>
      <h2 className="staff__heading">
        {t('people.title')}{' '}
        <span className="staff__count">{t('people.count', { count: people.length })}</span>
      </h2>
      {people.length >= SEARCH_FROM && (
        <TextField
          label={t('staff.list.search')}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
          data-testid={STAFF_IDS.search}
        />
      )}
      {matching.length === 0 && <p className="staff__empty">{t('people.noneFound')}</p>}
      <ul className="cards">
        {matching.slice(0, limit).map((person) => (
          <PersonRow key={person.id} person={person} />
        ))}
      </ul>
      {matching.length > limit && (
        <div className="staff__end">
          <Button onClick={() => setLimit(limit + PAGE)}>
            {t('staff.list.more', { count: matching.length - limit })}
          </Button>
        </div>
      )}
    </section>
  );
}

function Confirm({ question, onClose }: { readonly question: Question; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { staffRecords, people } = useKiosk();
  switch (question.kind) {
    case 'discard':
      return (
        <ConfirmDialog
          title={t('people.damagedDiscardTitle')}
          detail={t('people.damagedDiscardDetail')}
          confirm={t('people.damagedDiscard')}
          act={() => staffRecords.change(async () => people.engine()?.discardDamaged(question.record.id))}
          onClose={onClose}
        />
      );
    case 'remove-demo':
      return (
        <ConfirmDialog
          title={t('people.removeDemoTitle')}
          detail={t('people.removeDemoDetail')}
          confirm={t('people.confirm')}
          act={() => staffRecords.change(() => people.removeDemo())}
          onClose={onClose}
        />
      );
    default:
      return question satisfies never;
  }
}
