import type { TrainingFile } from '#shared/contracts/training.ts';
import { fileOf, saveFile } from '../teaching/save-file.ts';

/** A small file comes with the reply, a large one in parts from where it lies. */
export function saveTrainingFile({ file_name, media_type, base64, urls }: TrainingFile): void {
  if (base64 !== null) saveFile(file_name, fileOf(base64, media_type));
  for (const url of urls) {
    // the page may not read another origin; a download it may start
    const link = document.createElement('a');
    link.href = url;
    link.download = file_name;
    link.target = '_blank';
    link.click();
  }
}
