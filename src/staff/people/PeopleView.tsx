import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DamagedRecord, Person } from '../../gallery/types.ts';
import { useKiosk, usePeople } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, TextField } from '../../ui/index.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import { DamagedRecords } from './DamagedRecords.tsx';
import { PersonRow } from './PersonRow.tsx';

/** What staff is about to change and has to confirm. */
type Question =
  | { readonly kind: 'delete'; readonly person: Person }
  | { readonly kind: 'discard'; readonly record: DamagedRecord }
  | { readonly kind: 'remove-demo' };

export function PeopleView() {
  const { t } = useTranslation();
  const state = usePeople();
  const [question, setQuestion] = useState<Question | null>(null);
  if (state.kind === 'opening') return <p className="staff__empty">{t('people.opening')}</p>;
  if (state.kind === 'failed')
    return (
      <p className="notice notice--alert">
        {t('people.failed')} {state.detail}
      </p>
    );
  return (
    <>
      <DamagedRecords
        records={state.damaged}
        onDiscard={(record) => setQuestion({ kind: 'discard', record })}
      />
      <PeopleList
        people={state.people}
        onDelete={(person) => setQuestion({ kind: 'delete', person })}
        onRemoveDemo={() => setQuestion({ kind: 'remove-demo' })}
      />
      {question && <Confirm question={question} onClose={() => setQuestion(null)} />}
    </>
  );
}

interface PeopleListProps {
  readonly people: readonly Person[];
  readonly onDelete: (person: Person) => void;
  readonly onRemoveDemo: () => void;
}

/** from how many people on a search field helps */
const SEARCH_FROM = 8;

function PeopleList({ people, onDelete, onRemoveDemo }: PeopleListProps) {
  const { t } = useTranslation();
  const [sought, setSought] = useState('');
  if (people.length === 0)
    return (
      <div className="staff__empty">
        <p>{t('people.empty')}</p>
        <a className="button button--primary" href="#/staff/enrol">
          {t('people.emptyAction')}
        </a>
      </div>
    );
  const needle = sought.trim().toLocaleLowerCase();
  const found = people
    .filter(({ name }) => name.toLocaleLowerCase().includes(needle))
    .sort((a, b) => b.enrolledAt.localeCompare(a.enrolledAt));
  return (
    <section>
      <h2 className="staff__heading">
        {t('people.title')}{' '}
        <span className="staff__count">{t('people.count', { count: people.length })}</span>
      </h2>
      {people.length >= SEARCH_FROM && (
        <TextField
          label={t('people.search')}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
      )}
      {found.length === 0 && <p className="staff__empty">{t('people.noneFound')}</p>}
      <ul className="cards">
        {found.map((person) => (
          <PersonRow key={person.id} person={person} onDelete={onDelete} />
        ))}
      </ul>
      {people.some(({ demo }) => demo) && (
        <div className="staff__end">
          <Button onClick={onRemoveDemo} data-testid={TEST_IDS.removeDemo}>
            {t('people.removeDemo')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Confirm({ question, onClose }: { readonly question: Question; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { people } = useKiosk();
  switch (question.kind) {
    case 'delete':
      return (
        <ConfirmDialog
          title={t('people.confirmTitle', { name: question.person.name })}
          detail={t('people.confirmDetail')}
          confirm={t('people.confirm')}
          act={() => people.remove(question.person.id)}
          onClose={onClose}
        />
      );
    case 'discard':
      return (
        <ConfirmDialog
          title={t('people.damagedDiscardTitle')}
          detail={t('people.damagedDiscardDetail')}
          confirm={t('people.damagedDiscard')}
          act={() => people.discardDamaged(question.record.id)}
          onClose={onClose}
        />
      );
    case 'remove-demo':
      return (
        <ConfirmDialog
          title={t('people.removeDemoTitle')}
          detail={t('people.removeDemoDetail')}
          confirm={t('people.confirm')}
          act={() => people.removeDemo()}
          onClose={onClose}
        />
      );
    default:
      return question satisfies never;
  }
}
