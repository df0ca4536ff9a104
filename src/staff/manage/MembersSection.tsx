import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isStrongPin } from '@rounz/core/people/pin.ts';
import { nameProblem } from '@rounz/core/people/text.ts';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StaffLock, StaffMember, UnlockResult } from '../../gallery/contract/lock.ts';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button, Icon, TextField } from '../../ui/index.ts';
import { AskPin } from '../parts/AskPin.tsx';
import { Section } from '../parts/Section.tsx';

/** What waits for the main PIN. */
interface Request {
  readonly attempt: (lock: StaffLock, mainPin: string) => Promise<UnlockResult>;
  readonly done: 'added' | 'changed' | 'removed';
}

/** Staff with PINs of their own, whom the log names. */
export function MembersSection() {
  const { t } = useTranslation();
  const { people } = useKiosk();
  const [request, setRequest] = useState<Request | null>(null);
  const [done, setDone] = useState<Request['done'] | null>(null);
  /** whose new PIN is being typed */
  const [chosen, setChosen] = useState<StaffMember | null>(null);
  const lock = people.engine()?.lock;
  const members = lock?.state().kind === 'open' ? lock.members() : [];
  function ask(next: Request) {
    setDone(null);
    setRequest(next);
  }
  return (
    <Section title={t('staff.members.title')} lead={t('staff.members.lead')}>
      {members.length === 0 && <p className="staff__empty">{t('staff.members.none')}</p>}
      <ul className="members">
        {members.map((member) => (
          <li
            key={member.id}
            className="members__line"
            data-testid={STAFF_IDS.member}
            data-name={member.name}
          >
            <strong className="members__name">
              {member.name}
              {!member.hasPin && <small>{t('staff.members.noPin')}</small>}
            </strong>
            <Button
              aria-label={t('staff.members.newPinFor', { name: member.name })}
              onClick={() => setChosen(member)}
              data-testid={STAFF_IDS.memberNewPin}
            >
              {t('staff.members.newPin')}
            </Button>
            <Button
              look="quiet"
              icon="trash"
              aria-label={t('staff.members.removeFor', { name: member.name })}
              onClick={() =>
                ask({ attempt: (lock, main) => lock.removeMember(main, member.id), done: 'removed' })
              }
              data-testid={STAFF_IDS.memberRemove}
            >
              {t('staff.members.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <MemberForm
        key={`${chosen?.id} ${done}`}
        member={chosen}
        onCancel={() => setChosen(null)}
        onSend={(name, pin) =>
          ask(
            chosen
              ? { attempt: (lock, main) => lock.setMemberPin(main, chosen.id, pin), done: 'changed' }
              : { attempt: (lock, main) => lock.addMember(main, name, pin), done: 'added' },
          )
        }
      />
      {done && (
        <p className="act act--done" role="status" data-testid={STAFF_IDS.memberDone}>
          <Icon name="check" />
          {t(`staff.members.${done}`)}
        </p>
      )}
      {request && (
        <AskPin
          whose="main"
          attempt={request.attempt}
          onRight={() => {
            setChosen(null);
            setDone(request.done);
            setRequest(null);
          }}
          onClose={() => setRequest(null)}
        />
      )}
    </Section>
  );
}

interface MemberFormProps {
  /** whose PIN is set anew; null: somebody new */
  readonly member: StaffMember | null;
  readonly onSend: (name: string, pin: string) => void;
  readonly onCancel: () => void;
}

function MemberForm({ member, onSend, onCancel }: MemberFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState<'name' | 'weak' | 'differs' | null>(null);
  function send(event: FormEvent) {
    event.preventDefault();
    const wrong =
      !member && nameProblem(name)
        ? 'name'
        : !isStrongPin(pin, PEOPLE.staffPin)
          ? 'weak'
          : pin === again
            ? null
            : 'differs';
    setProblem(wrong);
    if (!wrong) onSend(name, pin);
  }
  return (
    <form className="sheet__form" noValidate onSubmit={send}>
      {member ? (
        <p>{t('staff.members.newPinFor', { name: member.name })}</p>
      ) : (
        <TextField
          label={t('staff.members.name')}
          value={name}
          maxLength={PEOPLE.name.max}
          spellCheck={false}
          problem={problem === 'name' ? t('enrol.problem.name-missing') : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
          data-testid={STAFF_IDS.memberName}
        />
      )}
      <TextField
        secret
        label={t('staff.members.pin')}
        inputMode="numeric"
        value={pin}
        problem={problem === 'weak' ? t('staff.lock.weak') : undefined}
        onChange={(event) => setPin(event.currentTarget.value)}
        data-testid={STAFF_IDS.memberPin}
      />
      <TextField
        secret
        label={t('staff.members.again')}
        inputMode="numeric"
        value={again}
        problem={problem === 'differs' ? t('staff.lock.differs') : undefined}
        onChange={(event) => setAgain(event.currentTarget.value)}
        data-testid={STAFF_IDS.memberAgain}
      />
      <div className="sheet__actions">
        <Button submit disabled={pin === '' || again === ''} data-testid={STAFF_IDS.memberAdd}>
          {t(member ? 'staff.members.save' : 'staff.members.add')}
        </Button>
        {member && (
          <Button look="quiet" onClick={onCancel}>
            {t('staff.askPin.cancel')}
          </Button>
        )}
      </div>
    </form>
  );
}
