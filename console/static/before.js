// Runs before anything is drawn: the chosen theme, and the team that was looked at last.
document.documentElement.dataset.theme = localStorage.getItem("db-theme") || "system";

const asked = new URLSearchParams(location.search).get("team");
const last = localStorage.getItem("db-team");
if (asked) localStorage.setItem("db-team", asked);
else if (last) location.replace(`?team=${encodeURIComponent(last)}`);
