import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Replay } from '#shared/contracts/training.ts';
import { environmentDefinition, environmentModel } from '#shared/domain/rl/environments/index.ts';
import type { GivenKwargs } from '#shared/domain/rl/environments/kwargs.ts';
import { t } from '../../../i18n/index.ts';
import { IconButton } from '../../../ui/button.tsx';
import { titleOf } from '../environment-title.ts';
import { CartPole } from './cart-pole.tsx';
import { ScenePicture } from './scene-picture.tsx';

interface Props extends Pick<Replay, 'environment' | 'frames'> {
  readonly env_kwargs: GivenKwargs;
  /** A number for a discrete action, several for a continuous one. */
  readonly actions: readonly (number | readonly number[])[];
}

export function EpisodePlayer({ environment, env_kwargs, frames, actions }: Props) {
  const model = useMemo(() => environmentModel(environment, env_kwargs), [environment, env_kwargs]);
  const frame_ms = 1000 / environmentDefinition(environment).renderFps;
  const index = useSignal(0);
  const playing = useSignal(false);
  const lastIndex = frames.length - 1;

  useEffect(() => {
    if (!playing.value) return;
    const startedAt = performance.now() - index.value * frame_ms;
    let request = requestAnimationFrame(function show(nowMs) {
      index.value = Math.min(lastIndex, Math.max(0, Math.floor((nowMs - startedAt) / frame_ms)));
      if (index.value < lastIndex) request = requestAnimationFrame(show);
      else playing.value = false;
    });
    return () => cancelAnimationFrame(request);
  }, [playing.value, lastIndex, frame_ms]);

  const toggle = () => {
    if (!playing.value && index.value >= lastIndex) index.value = 0;
    playing.value = !playing.value;
  };
  const action = actions[index.value];
  return (
    <div>
      {environment === 'CartPole-v1' ? (
        <CartPole
          state={frames[index.value] ?? []}
          action={typeof action === 'number' ? action : null}
          label={titleOf(environment)}
        />
      ) : (
        <ScenePicture scene={model.render(frames[index.value] ?? [])} label={titleOf(environment)} />
      )}
      <div class="player">
        <IconButton
          kind="plain"
          icon={playing.value ? 'pause' : 'play'}
          label={playing.value ? t('replay.pause') : t('replay.play')}
          onClick={toggle}
        />
        <input
          type="range"
          min={0}
          max={lastIndex}
          value={index.value}
          aria-label={t('replay.position')}
          onInput={({ currentTarget }) => {
            playing.value = false;
            index.value = Number(currentTarget.value);
          }}
        />
        <output>{t('replay.frame', { step: index.value, of: lastIndex })}</output>
      </div>
    </div>
  );
}
