import { codeOutput } from '#shared/contracts/code.ts';
import type { SourceEvent } from '#shared/contracts/realtime.ts';
import { connection, realtime } from '../../app/api.ts';
import { online } from '../../app/online.ts';

interface FollowOptions<State> {
  /** `job:<id>` is what the events are about. */
  readonly id: string;
  readonly read: () => Promise<State>;
  readonly isFinal: (state: State) => boolean;
  readonly isWaiting: (state: State) => boolean;
  readonly onState: (state: State) => void;
  readonly onOutput?: (text: string) => void;
  readonly onEvent?: (event: SourceEvent) => void;
}

/** How long until the state is asked for while the socket is silent: most runs are over in a moment. */
const firstPause_ms = 250;
const longestPause_ms = 3_000;

/**
 * Follows a run or a submission until it is over: by the events of its job, and by asking where those do not tell
 * (the place in the queue) or do not come. Returns how to stop.
 */
export function followJob<State>(options: FollowOptions<State>): () => void {
  let ended = false;
  let pause_ms = firstPause_ms;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reading: Promise<void> | undefined;

  const stop = () => {
    ended = true;
    clearTimeout(timer);
    unsubscribe();
  };
  const readState = async () => {
    const state = await options.read();
    if (ended) return;
    options.onState(state);
    if (options.isFinal(state)) stop();
    else if (!options.isWaiting(state) && connection.value === 'open') pause_ms = longestPause_ms;
  };
  /** Two readings at once could arrive in the wrong order. */
  const readOnce = (): Promise<void> => {
    reading ??= readState()
      .catch(() => {
        // the next round asks again; the page says that the connection is down
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  const readNow = async () => {
    await reading;
    await readOnce();
  };
  const askLater = () => {
    timer = setTimeout(async () => {
      pause_ms = Math.min(longestPause_ms, pause_ms * 2);
      if (online.value) await readOnce();
      if (!ended) askLater();
    }, pause_ms);
  };
  const unsubscribe = realtime.subscribe(`job:${options.id}`, {
    onEvent: (event) => {
      options.onEvent?.(event);
      if (event.type === 'job.status') void readNow();
      const printed = event.type === 'code.output' ? codeOutput.safeParse(event.data) : undefined;
      if (printed?.success) options.onOutput?.(printed.data.text);
    },
  });
  askLater();
  return stop;
}
