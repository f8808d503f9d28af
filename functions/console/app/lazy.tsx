import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Failure, Skeleton } from '../ui/feedback.tsx';

/** A page that is fetched when it is first opened. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const loaded = signal<ComponentType<P> | undefined>(undefined);
  const failure = signal<unknown>(undefined);

  const start = async () => {
    failure.value = undefined;
    try {
      const component = await load();
      loaded.value = component;
    } catch (error) {
      failure.value = error;
    }
  };
  return function Lazy(props: P) {
    useEffect(() => {
      if (loaded.value === undefined) void start();
    }, []);
    const Page = loaded.value;
    if (Page) return <Page {...props} />;
    // a new version may have replaced the files that this one knows: then loading the page anew helps
    if (failure.value !== undefined) return <Failure error={failure.value} retry={() => location.reload()} />;
    return <Skeleton lines={4} />;
  };
}
