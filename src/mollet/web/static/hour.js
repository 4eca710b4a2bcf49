// Is it night on this phone? Asked before anything is painted, whenever the page is looked at again, and each minute; the page may be older.
// A theme that was chosen by hand stays; "auto" is dark in the hours of night, which the page carries.
(() => {
  const { dataset } = document.documentElement;
  const [begins, ends] = dataset.night.split(" ").map(Number);
  let was;
  const look = () => {
    const hour = new Date().getHours();
    const isNight = hour >= begins || hour < ends;
    if (isNight === was) return;
    was = isNight;
    dataset.hour = isNight ? "night" : "day";
    if (dataset.chosen !== "auto") return;
    dataset.theme = isNight ? "night" : "auto";
    document.querySelector("meta[name=color-scheme]").content = isNight ? "dark" : "light dark";
  };
  look();
  document.addEventListener("visibilitychange", look);
  for (const kind of ["pageshow", "hour"]) addEventListener(kind, look);
  setInterval(() => document.hidden || look(), 60_000);
})();
