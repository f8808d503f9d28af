import type { ComponentChildren } from 'preact';
import { LeaveGuard } from './leave-guard.tsx';
import { SaveBar, type SaveBarProps } from './save-bar.tsx';

interface WriteFormProps extends SaveBarProps {
  readonly form: SaveBarProps['form'] & { readonly save: () => void };
  readonly children: ComponentChildren;
}

/** A page on which something long is written: nobody leaves it unsaved without being asked. */
export const WriteForm = ({ children, ...bar }: WriteFormProps) => (
  <>
    <LeaveGuard active={bar.form.isChanged && !bar.form.busy} />
    <form
      class="write stack-l"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        bar.form.save();
      }}
    >
      {children}
      <SaveBar {...bar} />
    </form>
  </>
);
