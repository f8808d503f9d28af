/** Also inside a part that is folded or behind a tab: the page opens it, then the field takes the focus. */
export function showFirstProblem(): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>('[aria-invalid="true"]');
    for (let box = field?.closest('details'); box; box = box.parentElement?.closest('details'))
      box.open = true;
    field?.focus();
    field?.scrollIntoView({ block: 'center' });
  });
}
