/**
 * The content security policy allows style sheets of our own origin alone, and CodeMirror writes its rules into a
 * `<style>` element. Inside a shadow root it adopts constructed sheets instead, which the policy does not concern.
 * The page's own sheet comes along for what lies between the lines: comments, forms.
 */
export function shadowOf(host: HTMLElement): ShadowRoot {
  if (host.shadowRoot) return host.shadowRoot;
  const root = host.attachShadow({ mode: 'open', delegatesFocus: true });
  for (const sheet of document.querySelectorAll('link[rel="stylesheet"]')) root.append(sheet.cloneNode());
  return root;
}
