import type { InputHTMLAttributes, ReactNode } from 'react';

interface PolicyProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'className' | 'title'> {
  /** of the group, one for all its options */
  readonly name: string;
  readonly checked: boolean;
  readonly title: ReactNode;
  /** what it means, below the title */
  readonly children: ReactNode;
}

/** One option of a few that need words: a radio button as a card, within `.policies`. */
export function Policy({ title, children, ...input }: PolicyProps) {
  return (
    <label className="policy" data-chosen={input.checked}>
      <input {...input} type="radio" className="policy__mark" />
      <span>
        <strong className="policy__title">{title}</strong>
        {children}
      </span>
    </label>
  );
}
