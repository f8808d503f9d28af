import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { makeEnvironment } from '#shared/domain/rl/environments/index.ts';
import { type GivenKwargs, InvalidEnvironmentKwarg } from '#shared/domain/rl/environments/kwargs.ts';
import type { Scene } from '#shared/domain/rl/environments/scene.ts';
import { isKey, plain, t } from '../../i18n/index.ts';
import { titleOf } from './environment-title.ts';
import { CartPole } from './episodes/cart-pole.tsx';
import { ScenePicture } from './episodes/scene-picture.tsx';

interface Props {
  readonly environment: EnvironmentView;
  readonly kwargs: GivenKwargs;
}

/** What is to be learnt, as a picture and in a sentence. */
export function EnvironmentCard({ environment: { id, title, reward_threshold }, kwargs }: Props) {
  const key = `env.${id}.text`;
  return (
    <div class="environment">
      {id === 'CartPole-v1' ? (
        <CartPole state={[0, 0, 0.14]} action={1} />
      ) : (
        <ScenePicture scene={firstScene(id, kwargs)} />
      )}
      <div class="grow">
        <h2>{titleOf(id, title)}</h2>
        <p class="small muted">
          {isKey(key) && plain(key)}
          {reward_threshold !== null && ` ${t('newTraining.solvedAt', { goal: reward_threshold })}`}
        </p>
      </div>
    </div>
  );
}

/** How an episode begins; while something unfit is being typed, how it would without. */
function firstScene(id: string, kwargs: GivenKwargs): Scene {
  try {
    const environment = makeEnvironment(id, 1, kwargs);
    environment.reset(1);
    return environment.model.render(environment.frame());
  } catch (error) {
    if (error instanceof InvalidEnvironmentKwarg) return firstScene(id, {});
    throw error;
  }
}
