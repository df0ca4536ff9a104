import { useTranslation } from 'react-i18next';
import type { DamagedRecord } from '../../gallery/contract/person.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';

interface DamagedRecordsProps {
  readonly records: readonly DamagedRecord[];
  readonly onDiscard: (record: DamagedRecord) => void;
}

/** Records that failed their check, which staff can discard. */
export function DamagedRecords({ records, onDiscard }: DamagedRecordsProps) {
  const { t } = useTranslation();
  if (records.length === 0) return null;
  return (
    <section className="damaged">
      <h2 className="staff__heading">{t('people.damagedTitle')}</h2>
      <p>{t('people.damagedDetail')}</p>
      <ul className="cards">
        {records.map((record) => (
          <li key={record.id} className="card" data-testid={TEST_IDS.damaged} data-record={record.id}>
            <div className="card__words">
              <p className="card__title card__title--code">{record.id}</p>
              <p className="card__detail">{record.reason}</p>
            </div>
            <Button
              look="quiet"
              icon="trash"
              onClick={() => onDiscard(record)}
              data-testid={TEST_IDS.damagedDiscard}
            >
              {t('people.damagedDiscard')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
