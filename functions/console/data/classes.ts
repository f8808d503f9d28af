import { api } from '../app/api.ts';
import { everyPage } from './list.ts';
import { useResource } from './resource.ts';

/** The classes that one may see, to choose from. */
export const useClasses = () =>
  useResource('classes.all', (signal) =>
    everyPage((page) => api.school.listClasses({ query: { limit: 100, ...page }, signal })),
  );
