/**
 * Light or dark, before the first paint: a classic script in the head, because a module would come too late. What the reader chose
 * wins over what the system prefers. Announced as `themechange` on the window.
 */
(() => {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');

  function chosen() {
    try {
      return localStorage.getItem('weir.theme');
    } catch {
      return null; // storage may be closed to us
    }
  }

  function apply() {
    document.documentElement.dataset.theme = chosen() ?? (prefersDark.matches ? 'dark' : 'light');
    window.dispatchEvent(new Event('themechange'));
  }

  function toggle() {
    const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem('weir.theme', next);
    } catch {
      // it lasts as long as the page, then
    }
    document.documentElement.dataset.theme = next;
    window.dispatchEvent(new Event('themechange'));
  }

  prefersDark.addEventListener('change', apply);
  window.weirTheme = { toggle };
  apply();
})();
