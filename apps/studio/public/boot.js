// Runs before anything is drawn, so that no page flashes in the wrong theme. Its names are those of src/app/preferences.ts.
(() => {
  const root = document.documentElement;
  const read = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const theme = read('journeyman.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  const language = read('journeyman.language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
})();
