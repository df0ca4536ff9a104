import { useTranslation } from 'react-i18next';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import { useHealth, useKiosk, useStaffRecords } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatDate } from '../../ui/i18n/index.ts';
import { Button } from '../../ui/index.ts';
import { Section } from '../parts/Section.tsx';

/** The templates of a person, and which of them the running model can use. */
export function FaceSection({ person }: { readonly person: StaffPerson }) {
  const { t } = useTranslation();
  const { enrolment } = useKiosk();
  const { currentTemplates: current, oldTemplates: old } = person;
  function take(kind: 'add' | 'replace') {
    enrolment.beginFor(kind, person);
    window.location.hash = '#/staff/enrol';
  }
  const state = current > 0 ? 'known' : old > 0 ? 'stale' : 'none';
  return (
    <Section title={t('staff.face.title')} lead={t(`staff.face.${state}`)}>
      <div data-testid={STAFF_IDS.templates} data-current={current} data-old={old}>
        <TemplateList person={person} />
      </div>
      <Alike person={person} />
      <div className="sheet__actions">
        {current > 0 && (
          <Button icon="add" onClick={() => take('add')} data-testid={STAFF_IDS.addPicture}>
            {t('staff.face.add')}
          </Button>
        )}
        <Button
          look={current > 0 ? 'plain' : 'primary'}
          icon="camera"
          onClick={() => take('replace')}
          data-testid={STAFF_IDS.reEnrol}
        >
          {t(state === 'none' ? 'staff.face.first' : 'staff.face.replace')}
        </Button>
      </div>
    </Section>
  );
}

/** Says who looks like this person, and that neither's face is enough any more. */
function Alike({ person }: { readonly person: StaffPerson }) {
  const { t, i18n } = useTranslation();
  const people = useStaffRecords(({ list }) => (list.kind === 'read' ? list.people : null)) ?? [];
  const names = people.filter(({ id }) => person.lookAlikes?.includes(id)).map(({ name }) => name);
  if (names.length === 0) return null;
  const listed = new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(names);
  return <p data-testid={STAFF_IDS.alike}>{t('staff.face.alike', { names: listed })}</p>;
}

/** Templates of one day and model, counted together. */
function TemplateList({ person }: { readonly person: StaffPerson }) {
  const { t, i18n } = useTranslation();
  const running = useHealth(({ ready }) => ready?.modelHash);
  const groups = new Map<string, { current: boolean; date: string; count: number }>();
  for (const { modelHash, createdAt } of person.templates) {
    const date = formatDate(createdAt, i18n.language);
    const key = `${modelHash}/${date}`;
    const count = (groups.get(key)?.count ?? 0) + 1;
    groups.set(key, { current: modelHash === running, date, count });
  }
  return (
    <ul className="marks">
      {[...groups].map(([key, { current, date, count }]) => (
        <li key={key} className="marks__line">
          <span className={`tag${current ? ' tag--good' : ' tag--alert'}`}>
            {t(current ? 'staff.face.current' : 'staff.face.old')}
          </span>
          {t('staff.face.mark', { count, date })}
        </li>
      ))}
    </ul>
  );
}
