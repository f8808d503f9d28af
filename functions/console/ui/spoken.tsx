import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Speaker } from '../app/speaker.ts';

/** Tells a screen reader, which others see by themselves; stays on the page, or it would not be heard. */
export function Spoken({ text, isEnd }: { text: string; isEnd: boolean }) {
  const said = useSignal('');
  const speaker = useMemo(
    () =>
      new Speaker((words) => {
        said.value = words;
      }),
    [],
  );
  useEffect(() => speaker.tell(text, isEnd), [text, isEnd]);
  useEffect(() => () => speaker.dispose(), []);
  return (
    <p class="visually-hidden" role="status">
      {said.value}
    </p>
  );
}
