import { useTranslation } from 'react-i18next';
import type { Person } from '../../gallery/types.ts';
import { useHealth } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatDate } from '../../ui/i18n/index.ts';
import { Button } from '../../ui/index.ts';

interface PersonRowProps {
  readonly person: Person;
  readonly onDelete: (person: Person) => void;
}

export function PersonRow({ person, onDelete }: PersonRowProps) {
  const { t, i18n } = useTranslation();
  const modelHash = useHealth(({ ready }) => ready?.modelHash);
  const { name, enrolledAt, templates, demo } = person;
  const stale = modelHash !== undefined && templates.every((template) => template.modelHash !== modelHash);
  return (
    <li className="card" data-testid={TEST_IDS.person} data-person={person.id} data-name={name}>
      <div className="card__words">
        <p className="card__title">
          {name}
          {demo && <span className="tag">{t('people.demo')}</span>}
        </p>
        <p className="card__detail">
          {formatDate(enrolledAt, i18n.language)} · {t('people.templates', { count: templates.length })}
        </p>
        {stale && <p className="problem">{t('people.otherModel')}</p>}
      </div>
      <Button
        look="quiet"
        icon="trash"
        aria-label={t('people.deleteLabel', { name })}
        onClick={() => onDelete(person)}
        data-testid={TEST_IDS.personDelete}
      >
        {t('people.delete')}
      </Button>
    </li>
  );
}
