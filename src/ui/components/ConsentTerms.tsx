import { useTranslation } from 'react-i18next';
import { formatDate } from '../i18n/index.ts';

const parts = ['purpose', 'items', 'retention', 'refusal', 'decision', 'contact', 'complaint'] as const;

/** Who answers for the data and how they are reached; empty where the shop has not set it up. */
export interface ConsentContacts {
  readonly operator: string;
  readonly officer: string;
  readonly contact: string;
}

interface ConsentTermsProps {
  /** ISO 8601: when the consent would run out */
  readonly until: string;
  readonly contacts: ConsentContacts;
  /** where they scroll: keys and switches go from part to part and so bring each into sight */
  readonly scrolls?: boolean;
}

/**
 * What is agreed to: purpose, all items kept, how long, what refusing means, that an AI makes the match, whom to ask and where to
 * complain. A change of its meaning needs a new `consentVersion` in `state/enrolment/config.ts`.
 */
export function ConsentTerms({ until, contacts, scrolls = false }: ConsentTermsProps) {
  const { t, i18n } = useTranslation();
  const date = formatDate(until, i18n.language);
  const named = contacts.operator !== '' && contacts.contact !== '';
  return (
    <dl className="terms">
      {parts.map((part) => (
        <div key={part} className="terms__part" tabIndex={scrolls ? 0 : undefined}>
          <dt>{t(`enrol.consent.${part}Term`)}</dt>
          <dd>
            {part === 'contact' && !named
              ? t('enrol.consent.contactUnset')
              : t(`enrol.consent.${part}`, { date, ...contacts })}
          </dd>
        </div>
      ))}
    </dl>
  );
}
