import { PEOPLE } from '@rounz/core/people/limits.ts';
import { cleanName } from '@rounz/core/people/text.ts';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button, TextField } from '../../ui/index.ts';
import { ActOutcome } from '../parts/Outcome.tsx';
import { Section } from '../parts/Section.tsx';
import { useAct } from '../parts/use-act.ts';

interface PersonProps {
  readonly person: StaffPerson;
}

export function NameSection({ person }: PersonProps) {
  const { t } = useTranslation();
  const { staffRecords } = useKiosk();
  const [name, setName] = useState(person.name);
  const { act, busy, run, clear } = useAct();
  const changed = cleanName(name) !== '' && cleanName(name) !== person.name;
  function save(event: FormEvent) {
    event.preventDefault();
    if (changed) void run(() => staffRecords.changePerson(person.id, (desk) => desk.rename(person.id, name)));
  }
  return (
    <Section title={t('people.name')}>
      <form className="sheet__form" onSubmit={save}>
        <TextField
          label={t('staff.person.nameLabel')}
          value={name}
          maxLength={PEOPLE.name.max}
          spellCheck={false}
          onChange={(event) => {
            clear();
            setName(event.currentTarget.value);
          }}
          data-testid={STAFF_IDS.name}
        />
        <Button submit disabled={!changed || busy} data-testid={STAFF_IDS.nameSave}>
          {t('staff.save')}
        </Button>
        <ActOutcome act={act} busy={t('staff.busy')} done={t('staff.saved')} />
      </form>
    </Section>
  );
}

export function NoteSection({ person }: PersonProps) {
  const { t } = useTranslation();
  const { staffRecords } = useKiosk();
  const id = useId();
  const [note, setNote] = useState(person.note);
  const { act, busy, run, clear } = useAct();
  const changed = note !== person.note;
  function save(event: FormEvent) {
    event.preventDefault();
    if (changed)
      void run(() => staffRecords.changePerson(person.id, (desk) => desk.setNote(person.id, note)));
  }
  return (
    <Section title={t('staff.person.note')}>
      <form className="sheet__form" onSubmit={save}>
        <div className="field">
          <label className="field__label" htmlFor={id}>
            {t('staff.person.noteLabel')}
          </label>
          <textarea
            id={id}
            className="field__input field__input--area"
            rows={3}
            maxLength={PEOPLE.note.max}
            // Otherwise the browser stores the typed text with its open tabs, on the disk.
            autoComplete="off"
            value={note}
            onChange={(event) => {
              clear();
              setNote(event.currentTarget.value);
            }}
            data-testid={STAFF_IDS.note}
          />
        </div>
        <Button submit disabled={!changed || busy} data-testid={STAFF_IDS.noteSave}>
          {t('staff.save')}
        </Button>
        <ActOutcome act={act} busy={t('staff.busy')} done={t('staff.saved')} />
      </form>
    </Section>
  );
}
