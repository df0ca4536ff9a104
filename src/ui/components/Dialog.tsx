import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly actions: ReactNode;
  /** Escape and the like; must unmount the dialog. */
  readonly onClose: () => void;
  /** lies at the lower edge of the screen, where everybody reaches it */
  readonly sheet?: boolean;
  readonly testId?: string;
}

/** A modal question. Built on the browser's own dialog, which keeps the focus inside and gives it back. */
export function Dialog({ title, children, actions, onClose, sheet = false, testId }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Closed while it is still in the document: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={sheet ? 'dialog dialog--sheet' : 'dialog'}
      data-testid={testId}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={titleId} className="dialog__title">
        {title}
      </h2>
      <div className="dialog__body">{children}</div>
      <div className="dialog__actions">{actions}</div>
    </dialog>
  );
}
