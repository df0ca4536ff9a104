import { useTranslation } from 'react-i18next';

const steps = [
  { step: 'setup', href: '#/staff/setup' },
  { step: 'enrol', href: '#/staff/enrol' },
  { step: 'strictness', href: '#/staff/manage' },
  { step: 'backup', href: '#/staff/manage' },
] as const;

/** What to do on the first day, in order. */
export function FirstSteps() {
  const { t } = useTranslation();
  return (
    <section className="steps">
      <h2 className="staff__heading">{t('staff.steps.title')}</h2>
      <p className="staff__lead">{t('staff.steps.lead')}</p>
      <ol className="cards">
        {steps.map(({ step, href }, index) => (
          <li key={step} className="card">
            <span className="steps__number" aria-hidden="true">
              {index + 1}
            </span>
            <div className="card__words">
              <p className="card__title">{t(`staff.steps.${step}.title`)}</p>
              <p className="card__detail">{t(`staff.steps.${step}.detail`)}</p>
            </div>
            <a className={`button button--${index === 0 ? 'primary' : 'plain'}`} href={href}>
              {t(`staff.steps.${step}.action`)}
            </a>
          </li>
        ))}
      </ol>
    </section>
  );
}
