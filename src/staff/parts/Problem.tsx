import { useTranslation } from 'react-i18next';
import type { Failure } from '../../state/engine/failure.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';

/** The text of a failure: translated if its code is known, else the message itself. */
export function useProblemWords(): (failure: Failure) => string {
  const { t, i18n } = useTranslation();
  return ({ code, detail }) => {
    const key = `staff.problem.${code}`;
    // biome-ignore lint/suspicious/noExplicitAny: the key was looked up first
    return code !== null && i18n.exists(key) ? (t as any)(key) : detail;
  };
}

/** Why something was not done; announced to screen readers at once. */
export function Problem({ failure }: { readonly failure: Failure }) {
  const words = useProblemWords();
  return (
    <p className="problem" role="alert" data-testid={STAFF_IDS.problem} data-code={failure.code ?? undefined}>
      {words(failure)}
    </p>
  );
}
